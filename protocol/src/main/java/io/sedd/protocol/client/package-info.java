/**
 * For programs that want texts: send jobs, wait for their results. Uses Kafka's own client library
 * and nothing else; nobody else in this module knows Kafka.
 */
package io.sedd.protocol.client;
