/** The stage that tells the outside: results, dead letters, progress. */
package io.sedd.worker.publishing;
