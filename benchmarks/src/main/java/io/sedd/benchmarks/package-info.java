/**
 * Speed of the kernels through the backend seam, as JMH benchmarks that give GB/s and GFLOP/s
 * beside the time; and of whole steps, as ratios measured in turns.
 */
package io.sedd.benchmarks;
