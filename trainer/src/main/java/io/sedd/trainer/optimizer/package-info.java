/** From gradients to new parameters: warm-up, clipping, AdamW, moving average. */
package io.sedd.trainer.optimizer;
