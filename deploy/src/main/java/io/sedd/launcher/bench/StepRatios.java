package io.sedd.launcher.bench;

/**
 * What steps cost against each other, each pair measured in turn.
 *
 * @param type in what the products multiply
 * @param stepOverForward an analytic step, draw included, over the bare evaluation of its rows
 * @param halfOverFull a step with half of the positions revealed over one with none
 * @param mixedOverEqual tokens a second of mixed lengths over those of equal ones
 */
record StepRatios(
    NumberType type,
    PairedRatio stepOverForward,
    PairedRatio halfOverFull,
    PairedRatio mixedOverEqual) {}
