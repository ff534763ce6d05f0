/**
 * Loops over single rows of fp32 numbers at plain addresses, each in two forms: with the Vector API
 * and as plain Java. They know neither tensors nor ND4J.
 */
package io.sedd.diffusion.backend.nd4j.rows;
