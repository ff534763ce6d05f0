/**
 * What networks are trained for: score entropy (arXiv 2310.16834), and what it is compared with.
 */
package io.sedd.trainer.objective;
