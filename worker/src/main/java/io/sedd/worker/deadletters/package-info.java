/** What an operator does about records that no worker could work on: look, and try again. */
package io.sedd.worker.deadletters;
