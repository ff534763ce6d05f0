/**
 * The {@code sedd} command: one root, the commands of worker and trainer below it, and what needs
 * both.
 */
package io.sedd.launcher;
