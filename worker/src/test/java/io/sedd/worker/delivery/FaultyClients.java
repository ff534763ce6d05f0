package io.sedd.worker.delivery;

import io.sedd.worker.kafka.KafkaClients;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** Real clients, except that the transactional producer is wrapped. */
record FaultyClients(KafkaClients real, UnaryOperator<Producer<byte[], byte[]>> fault)
    implements KafkaClients {

  @Override
  public Consumer<byte[], byte[]> groupConsumer() {
    return real.groupConsumer();
  }

  @Override
  public Consumer<byte[], byte[]> plainConsumer() {
    return real.plainConsumer();
  }

  @Override
  public Producer<byte[], byte[]> transactionalProducer() {
    return fault.apply(real.transactionalProducer());
  }

  @Override
  public Producer<byte[], byte[]> plainProducer() {
    return real.plainProducer();
  }

  @Override
  public Admin admin() {
    return real.admin();
  }
}
