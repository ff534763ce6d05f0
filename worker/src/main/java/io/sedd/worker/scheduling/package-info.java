/** The stage where jobs wait: which one is next, and which no longer need to be worked on. */
package io.sedd.worker.scheduling;
