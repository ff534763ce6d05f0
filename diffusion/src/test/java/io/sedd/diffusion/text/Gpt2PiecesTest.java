package io.sedd.diffusion.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class Gpt2PiecesTest {

  @Test
  void wordsTakeTheSpaceBeforeThem() {
    assertEquals(List.of("Once", " upon", " a", " time", ","), pieces("Once upon a time,"));
    assertEquals(List.of("a", "  ", " b"), pieces("a   b"));
    assertEquals(List.of("a", "  "), pieces("a  "));
    assertEquals(List.of("a", "\n", "\n", "b"), pieces("a\n\nb"));
  }

  @Test
  void contractionsNumbersAndSignsStandAlone() {
    assertEquals(List.of("it", "'s", " 12", "ab", "!?"), pieces("it's 12ab!?"));
    assertEquals(List.of("IT", "'", "S"), pieces("IT'S"));
  }

  @Test
  void whiteSpaceIsThatOfUnicode() {
    assertEquals(List.of("a", "\u3000", "\u3000", "b"), pieces("a\u3000\u3000b"));
    assertEquals(List.of("a", "\u00A0", "b"), pieces("a\u00A0b"));
  }

  @Test
  void thePiecesAreTheText() {
    RandomTexts texts = new RandomTexts(3);
    for (int i = 0; i < 500; i++) {
      String text = texts.next(80);
      assertEquals(text, String.join("", pieces(text)));
    }
  }

  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    Gpt2Pieces.forEach(text, pieces::add);
    return pieces;
  }
}
