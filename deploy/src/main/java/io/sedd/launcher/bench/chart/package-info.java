/** Bars and curves on a light page, as PNG: what the bench's picture is drawn with. */
package io.sedd.launcher.bench.chart;
