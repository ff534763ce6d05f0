/** The commands of the trainer. */
package io.sedd.trainer;
