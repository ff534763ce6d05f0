#!/usr/bin/env python3
"""Sends a job to SEDD workers and prints its text, with a plain Kafka library.

    apt-get install python3-confluent-kafka      # or: pip install confluent-kafka
    python3 docs/examples/fill_blanks.py localhost:9092 [topic prefix]
"""

import json
import sys
import time
import uuid

from confluent_kafka import Consumer, Producer, TopicPartition

LIMIT_SECONDS = 120


def results_from_now_on(brokers, topic):
    """A consumer at the end of every partition: a result may come on any of them."""
    consumer = Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": "unused",  # the library wants one; nothing is committed
            "enable.auto.commit": False,
            "isolation.level": "read_committed",  # a worker may still take back what is not
        }
    )
    known = consumer.list_topics(topic, timeout=30).topics[topic]
    if known.error is not None:
        sys.exit(f"{topic}: {known.error}")
    partitions = []
    for number in known.partitions:
        # its end is asked for now: a result must not come between assigning and looking
        _, end = consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=30)
        partitions.append(TopicPartition(topic, number, end))
    consumer.assign(partitions)
    return consumer


def wait_for(consumer, job_id):
    """The result of one job; those of others are passed over."""
    end = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < end:
        message = consumer.poll(1.0)
        if message is None:
            continue
        if message.error():
            sys.exit(f"the results cannot be read: {message.error()}")
        if message.key() == job_id.encode():
            return json.loads(message.value())
    sys.exit(f"no result for {job_id} in {LIMIT_SECONDS} s: is a worker running on these topics?")


def main():
    brokers = sys.argv[1]
    prefix = sys.argv[2] if len(sys.argv) > 2 else "sedd"
    consumer = results_from_now_on(brokers, prefix + ".results")

    job = {
        "id": "python-" + str(uuid.uuid4()),
        "template": [{"text": "The dog was"}, {"blank": 8}, {"text": "."}],
        "steps": 16,
    }
    producer = Producer({"bootstrap.servers": brokers, "enable.idempotence": True})
    producer.produce(prefix + ".jobs", key=job["id"], value=json.dumps(job))
    producer.flush()

    result = wait_for(consumer, job["id"])
    consumer.close()
    if result["outcome"] != "completed":
        sys.exit(f"{result['outcome']}: {result.get('error')}")
    for sample in result["samples"]:
        print(sample["text"])


if __name__ == "__main__":
    main()
