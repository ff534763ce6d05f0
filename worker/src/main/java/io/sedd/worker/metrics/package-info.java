/** What a worker counts and measures, for Prometheus. */
package io.sedd.worker.metrics;
