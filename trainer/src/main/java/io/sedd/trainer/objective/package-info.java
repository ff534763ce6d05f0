/** The diffusion weighted denoising score entropy (arXiv 2310.16834, section 3.3) of a batch. */
package io.sedd.trainer.objective;
