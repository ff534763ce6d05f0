/** Score entropy discrete diffusion; this package puts the parts of a checkpoint together. */
package io.sedd.diffusion;
