/** The worker's log lines as JSON. */
package io.sedd.worker.logging;
