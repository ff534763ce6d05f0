/** What tools outside see of each job: a span of OpenTelemetry and a log line. */
package io.sedd.worker.telemetry;
