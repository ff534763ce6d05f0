package io.sedd.protocol.spelling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {

  @ParameterizedTest
  @CsvSource({
    "'', '', 0",
    "'', abc, 3",
    "abc, '', 3",
    "abc, abc, 0",
    "abc, abd, 1",
    "abc, bac, 1",
    "steps, setps, 1",
    "kitten, sitting, 3",
    "ca, abc, 3"
  })
  void theDistanceCountsSingleEditsAndSwaps(String a, String b, int expected) {
    assertEquals(expected, NearestName.distance(a, b));
  }

  @Test
  void theNearestNameIsFoundWhateverItsCase() {
    List<String> known = List.of("text", "tokens", "blank");
    assertEquals(Optional.of("blank"), NearestName.of("BLNK", known));
    assertEquals(Optional.of("tokens"), NearestName.of("token", known));
  }

  @Test
  void amongEquallyNearNamesTheFirstIsTaken() {
    assertEquals(Optional.of("ab"), NearestName.of("aa", List.of("ab", "ac")));
  }

  @Test
  void whereNoNameIsKnownNoneIsNear() {
    assertEquals(Optional.empty(), NearestName.of("x", List.of()));
  }
}
