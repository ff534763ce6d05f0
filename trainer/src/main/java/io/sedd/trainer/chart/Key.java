package io.sedd.trainer.chart;

/**
 * An entry of a legend.
 *
 * @param label what it says
 * @param ink whose meaning it gives
 */
public record Key(String label, Ink ink) {}
