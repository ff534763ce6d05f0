/**
 * The stage that takes records from the jobs topic and settles them: each together with its result,
 * or not at all.
 */
package io.sedd.worker.intake;
