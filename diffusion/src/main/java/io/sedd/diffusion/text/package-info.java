/**
 * Text to tokens and back: GPT-2's tokenizer, bytes, and the project's own byte-level BPE; and a
 * job's template to tokens and blanks.
 */
package io.sedd.diffusion.text;
