/** Holds what is shipped beside the programs, rules, dashboards and manifests, against the code. */
package io.sedd.deploy;
