/**
 * How many workers a topic can keep busy, by simulation: where more of them stop helping, and which
 * settings of Kafka move that point.
 */
package io.sedd.launcher.scaling;
