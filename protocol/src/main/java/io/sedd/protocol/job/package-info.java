/** The messages that cross Kafka, and the strict codec that reads and writes them. */
package io.sedd.protocol.job;
