/** {@code sedd run-batch}: a file of jobs in, a file of results out, through any interruption. */
package io.sedd.launcher.batch;
