package io.sedd.trainer.chart;

import java.awt.Color;

/** The colours; the series are apart in lightness too, for eyes that do not tell all hues apart. */
public enum Ink {
  PAPER(0xFFFFFF),
  TEXT(0x1F2933),
  FAINT(0x6B7785),
  RULE(0xD5DBE1),
  TRACK(0xF0F3F6),
  NAVY(0x1F4E79),
  BLUE(0x3F7FBA),
  SKY(0x74AEDC),
  ORANGE(0xD9742B),
  SAND(0xE3A467),
  RED(0xB03A2E);

  private final int rgb;

  Ink(int rgb) {
    this.rgb = rgb;
  }

  Color color() {
    return new Color(rgb);
  }
}
