/** The score network, written once, on the backend seam. */
package io.sedd.diffusion.network;
