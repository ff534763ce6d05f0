package io.sedd.diffusion.text;

import java.util.SplittableRandom;

/** Texts of random Unicode characters, ASCII and white space more often than the rest. */
final class RandomTexts {

  private static final int[] WHITE_SPACE = {' ', ' ', ' ', '\n', '\t', '\r', 0x85, 0xA0, 0x3000};

  private final SplittableRandom random;

  RandomTexts(long seed) {
    this.random = new SplittableRandom(seed);
  }

  String next(int longest) {
    int length = random.nextInt(longest + 1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(
          switch (random.nextInt(8)) {
            case 0, 1, 2 -> random.nextInt('a', 'z' + 1);
            case 3 -> random.nextInt(0, 128);
            case 4 -> WHITE_SPACE[random.nextInt(WHITE_SPACE.length)];
            case 5 -> random.nextInt(0x80, 0x800);
            case 6 -> random.nextInt(0x800, 0xD800);
            default -> random.nextInt(0x10000, 0x110000);
          });
    }
    return text.toString();
  }
}
