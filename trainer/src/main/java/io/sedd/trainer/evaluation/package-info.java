/** How well a model predicts held-out text: the likelihood bound. */
package io.sedd.trainer.evaluation;
