package io.sedd.trainer.chart;

/** A part of the page. */
public sealed interface Panel permits BarPanel, CurvePanel {

  String title();

  String explanation();

  /** Draws into the given box, below the heading. */
  void draw(Pen pen, double x, double y, double width, double height);
}
