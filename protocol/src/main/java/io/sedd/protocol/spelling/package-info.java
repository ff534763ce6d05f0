/** Finding the name that a misspelt one was meant to be, for messages to people. */
package io.sedd.protocol.spelling;
