/** Measures this machine: how fast a checkpoint denoises here, and in how much memory. */
package io.sedd.launcher.bench;
