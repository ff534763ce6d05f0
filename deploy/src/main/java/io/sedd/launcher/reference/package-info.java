/** Pages of {@code docs/} that are made from the code, so that they cannot say anything else. */
package io.sedd.launcher.reference;
