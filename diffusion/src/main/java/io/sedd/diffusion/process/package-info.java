/** Noising processes and their schedules, as formulas; knows nobody else. */
package io.sedd.diffusion.process;
