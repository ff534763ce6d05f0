/**
 * One YAML file, mapped to records.
 *
 * <p>An application describes its configuration as a tree of records and gives a YAML text with the
 * defaults. {@link io.sedd.protocol.configuration.ConfigurationReader} lays the operator's file,
 * the environment and the command line over it, in this order, and builds the records; {@link
 * io.sedd.protocol.configuration.EffectiveConfiguration} shows what came out, without its secrets.
 */
package io.sedd.protocol.configuration;
