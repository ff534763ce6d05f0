/**
 * How this worker's Kafka clients are made: the settings that delivery depends on are fixed here.
 */
package io.sedd.worker.kafka;
