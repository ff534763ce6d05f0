/** The stage that turns jobs into texts: one thread, one batch, one step after the other. */
package io.sedd.worker.denoising;
