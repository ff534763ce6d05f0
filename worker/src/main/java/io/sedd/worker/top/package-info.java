/** {@code sedd top}: workers as a person at a terminal sees them. */
package io.sedd.worker.top;
