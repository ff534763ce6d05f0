/** The other side of the topics: whoever sends jobs and waits for their results. */
package io.sedd.worker.client;
