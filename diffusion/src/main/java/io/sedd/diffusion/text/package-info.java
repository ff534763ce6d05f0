/** Text to tokens and back. */
package io.sedd.diffusion.text;
