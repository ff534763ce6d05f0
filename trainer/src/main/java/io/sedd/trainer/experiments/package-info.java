/**
 * Puts the figures of the paper's comparisons on one page, with what the paper found beside them.
 */
package io.sedd.trainer.experiments;
