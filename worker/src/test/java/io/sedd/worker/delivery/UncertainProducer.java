package io.sedd.worker.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.metrics.KafkaMetric;

/**
 * A real producer of which every third commit seems to time out: in turn before the broker hears of
 * it and after the broker has made it.
 */
record UncertainProducer(Producer<byte[], byte[]> real, AtomicInteger commits, AtomicInteger faults)
    implements Producer<byte[], byte[]> {

  @Override
  public void commitTransaction() {
    int number = commits.incrementAndGet();
    if (number % 3 != 0) {
      real.commitTransaction();
      return;
    }
    faults.incrementAndGet();
    if (number % 2 == 0) {
      real.commitTransaction();
    }
    throw new TimeoutException("injected, commit " + number);
  }

  @Override
  public void initTransactions() {
    real.initTransactions();
  }

  @Override
  public void beginTransaction() {
    real.beginTransaction();
  }

  @Override
  public void sendOffsetsToTransaction(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    real.sendOffsetsToTransaction(offsets, group);
  }

  @Override
  public void abortTransaction() {
    real.abortTransaction();
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
    return real.send(record);
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
    return real.send(record, callback);
  }

  @Override
  public void flush() {
    real.flush();
  }

  @Override
  public List<PartitionInfo> partitionsFor(String topic) {
    return real.partitionsFor(topic);
  }

  @Override
  public Map<MetricName, ? extends Metric> metrics() {
    return real.metrics();
  }

  @Override
  public Uuid clientInstanceId(Duration limit) {
    return real.clientInstanceId(limit);
  }

  @Override
  public void registerMetricForSubscription(KafkaMetric metric) {
    real.registerMetricForSubscription(metric);
  }

  @Override
  public void unregisterMetricFromSubscription(KafkaMetric metric) {
    real.unregisterMetricFromSubscription(metric);
  }

  @Override
  public void close() {
    real.close();
  }

  @Override
  public void close(Duration limit) {
    real.close(limit);
  }
}
