package io.sedd.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LaneSetTest {

  @Test
  void mixedLanesAreAsManyTokensAsWantedBetweenShortestAndLongest() {
    for (int longest : new int[] {20, 128, 1024}) {
      LaneSet lanes = LaneSet.mixed(4 * longest, longest);
      assertTrue(
          lanes.members().stream().allMatch(m -> m.length() >= 17 && m.length() <= longest),
          lanes.toString());
      assertEquals(4 * longest, lanes.rows(), 17);
      assertTrue(lanes.members().stream().map(LaneSet.Member::length).distinct().count() > 1);
    }
  }

  @Test
  void aLaneHasAtLeastOneBlank() {
    assertEquals(1, LaneSet.equal(1, 10, 0).openRows());
    assertEquals(20, LaneSet.equal(2, 10, 1).openRows());
  }
}
