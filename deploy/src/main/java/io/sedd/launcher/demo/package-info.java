/**
 * The demo: a broker, a worker, jobs of every kind and a checkpoint swapped under load, all real
 * and in one process.
 */
package io.sedd.launcher.demo;
