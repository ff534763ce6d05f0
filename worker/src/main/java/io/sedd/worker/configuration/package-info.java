/** What an operator may choose, as records; {@code defaults.yaml} has every value not chosen. */
package io.sedd.worker.configuration;
