package io.sedd.worker.denoising;

import io.sedd.worker.metrics.Metric;
import io.sedd.worker.metrics.WorkerMetrics;

/**
 * The numbers of one device: those metrics whose first label is the device.
 *
 * @param metrics of the worker
 * @param device the label
 */
record DeviceMetrics(WorkerMetrics metrics, String device) {

  void count(Metric metric) {
    metrics.count(metric, device);
  }

  void set(Metric metric, double value) {
    metrics.set(metric, value, device);
  }

  /** Of a metric with a second label. */
  void set(Metric metric, double value, String label) {
    metrics.set(metric, value, device, label);
  }

  /** Notes a time of one phase. */
  void observeNanos(Metric metric, long nanos, String phase) {
    metrics.observeNanos(metric, nanos, device, phase);
  }
}
