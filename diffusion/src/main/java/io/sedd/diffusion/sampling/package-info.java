/**
 * The reverse process: trajectories, predictors, and the batch whose lanes join and leave between
 * steps.
 */
package io.sedd.diffusion.sampling;
