package io.sedd.worker.delivery;

import io.sedd.worker.kafka.KafkaClients;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.Producer;

/** Real clients, except that the producers of results are wrapped. */
record FaultyClients(KafkaClients real, UnaryOperator<Producer<byte[], byte[]>> fault)
    implements KafkaClients {

  @Override
  public Consumer<byte[], byte[]> groupConsumer() {
    return real.groupConsumer();
  }

  @Override
  public Consumer<byte[], byte[]> dividingMember() {
    return real.dividingMember();
  }

  @Override
  public Consumer<byte[], byte[]> plainConsumer() {
    return real.plainConsumer();
  }

  @Override
  public Producer<byte[], byte[]> transactionalProducer(int number) {
    return fault.apply(real.transactionalProducer(number));
  }

  @Override
  public Producer<byte[], byte[]> plainProducer() {
    return real.plainProducer();
  }

  @Override
  public ShareConsumer<byte[], byte[]> shareConsumer(int lane) {
    return real.shareConsumer(lane);
  }

  @Override
  public Producer<byte[], byte[]> resultsProducer() {
    return fault.apply(real.resultsProducer());
  }

  @Override
  public Admin admin() {
    return real.admin();
  }
}
