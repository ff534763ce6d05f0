/** A candidate checkpoint compared with the one that serves, by the jobs that ran on each. */
package io.sedd.worker.canary;
