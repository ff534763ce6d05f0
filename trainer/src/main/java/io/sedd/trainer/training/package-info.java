/** The training run: steps, progress, held-out figures, checkpoints, resume. */
package io.sedd.trainer.training;
