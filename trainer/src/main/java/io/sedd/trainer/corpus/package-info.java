/**
 * From text files to rows of tokens: documents, the BPE vocabulary learned from them, packing, and
 * the order in which training reads the rows.
 */
package io.sedd.trainer.corpus;
