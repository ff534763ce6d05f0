/**
 * A real Kafka broker inside this process, for the demo and for the worker's own tests.
 *
 * <p>It stands in the main sources because both need it and test code is not shipped; its
 * dependency, {@code kafka_2.13}, has scope {@code provided}: the demo's distribution brings those
 * 44 jars, a worker's image does not, and nothing else in the worker refers to this package.
 */
package io.sedd.worker.broker;
