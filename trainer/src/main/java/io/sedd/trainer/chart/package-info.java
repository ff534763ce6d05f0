/** Bars and curves on a light page, as PNG: the picture of a run, of a sweep and of the bench. */
package io.sedd.trainer.chart;
