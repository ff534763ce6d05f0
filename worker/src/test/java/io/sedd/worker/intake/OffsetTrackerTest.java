package io.sedd.worker.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OffsetTrackerTest {

  @Test
  void theWatermarkIsTheFirstUnfinishedRecord() {
    OffsetTracker tracker = admitted(100, 5);
    tracker.finish(List.of(101L, 103L));
    assertEquals(100, tracker.watermark());
    tracker.finish(List.of(100L));
    assertEquals(102, tracker.watermark());
    tracker.finish(List.of(102L, 104L));
    assertEquals(105, tracker.watermark());
  }

  @Test
  void whatIsFinishedAboveTheWatermarkIsKnownToTheNextOwner() {
    OffsetTracker tracker = admitted(100, 5);
    tracker.finish(List.of(101L, 103L));
    OffsetTracker next = new OffsetTracker(tracker.watermark(), tracker.metadata());
    assertTrue(next.admit(100));
    assertFalse(next.admit(101));
    assertTrue(next.admit(102));
    assertFalse(next.admit(103));
    next.finish(List.of(100L, 102L));
    assertEquals(104, next.watermark());
  }

  @Test
  void everyNumberOfStartsIsKnownToTheNextOwner() {
    OffsetTracker tracker = admitted(0, 9);
    for (int i = 0; i <= 8; i++) {
      tracker.started(i, i);
    }
    OffsetTracker next = new OffsetTracker(0, tracker.metadata());
    for (int i = 0; i <= 7; i++) {
      assertEquals(i, next.starts(i));
    }
    assertEquals(OffsetTracker.MOST_STARTS, next.starts(8));
  }

  @Test
  void aStartTakenBackLeavesNoTrace() {
    OffsetTracker tracker = admitted(0, 2);
    tracker.started(1, 1);
    tracker.started(1, 0);
    assertEquals(0, new OffsetTracker(0, tracker.metadata()).starts(1));
  }

  @Test
  void aFinishedRecordIsNoLongerCountedAsStarted() {
    OffsetTracker tracker = admitted(0, 3);
    tracker.started(2, 1);
    tracker.finish(List.of(2L));
    assertEquals(0, new OffsetTracker(0, tracker.metadata()).starts(2));
  }

  @Test
  void aCopyDoesNotChangeItsOriginal() {
    OffsetTracker tracker = admitted(10, 3);
    OffsetTracker copy = tracker.copy();
    copy.finish(List.of(10L));
    copy.started(11, 1);
    assertEquals(10, tracker.watermark());
    assertEquals(0, tracker.starts(11));
    assertFalse(tracker.isFinished(10));
  }

  @Test
  void aRecordIsInHandOnce() {
    OffsetTracker tracker = admitted(0, 1);
    assertFalse(tracker.admit(0));
  }

  @Test
  void offsetsThatHoldNoRecordDoNotHoldTheWatermarkBack() {
    OffsetTracker tracker = new OffsetTracker(0, "");
    tracker.admit(0);
    tracker.admit(7);
    tracker.finish(List.of(0L));
    assertEquals(7, tracker.watermark());
    tracker.finish(List.of(7L));
    tracker.fetchedTo(12);
    assertEquals(12, tracker.watermark());
  }

  @Test
  void aFullWindowInItsWorstStateFitsIntoTheMetadataThatABrokerTakes() {
    OffsetTracker tracker = admitted(0, OffsetTracker.WINDOW);
    assertFalse(tracker.reaches(OffsetTracker.WINDOW));
    List<Long> odd = new ArrayList<>();
    for (long offset = 0; offset < OffsetTracker.WINDOW; offset++) {
      tracker.started(offset, OffsetTracker.MOST_STARTS);
      if (offset % 2 == 1) {
        odd.add(offset);
      }
    }
    tracker.started(OffsetTracker.WINDOW - 1, OffsetTracker.MOST_STARTS);
    tracker.finish(odd.subList(0, odd.size() - 1));
    int bytes = tracker.metadata().getBytes(StandardCharsets.UTF_8).length;
    assertTrue(bytes <= 4096, () -> "metadata of " + bytes + " bytes");
  }

  @Test
  void metadataOfAnotherProgramIsRefused() {
    for (String foreign : List.of("hello", "1:!!", "1:AAA=", "2:AAA=")) {
      assertThrows(IllegalStateException.class, () -> new OffsetTracker(0, foreign), foreign);
    }
  }

  @Test
  void anyOrderOfFinishingAndAnyHandOverFinishesEveryRecordOnce() {
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      OffsetTracker tracker = new OffsetTracker(1000, "");
      Set<Long> done = new HashSet<>();
      Set<Long> inHand = new HashSet<>();
      while (done.size() < 300) {
        long lowest = tracker.watermark();
        for (long offset = lowest; offset < Math.min(lowest + 50, 1300); offset++) {
          if (tracker.admit(offset)) {
            assertFalse(done.contains(offset));
            inHand.add(offset);
          }
        }
        for (long offset : List.copyOf(inHand)) {
          if (random.nextInt(4) == 0) {
            tracker.finish(List.of(offset));
            inHand.remove(offset);
            done.add(offset);
          }
        }
        if (random.nextInt(5) == 0) {
          tracker = new OffsetTracker(tracker.watermark(), tracker.metadata());
          inHand.clear();
        }
      }
      assertEquals(1300, tracker.watermark());
    }
  }

  private static OffsetTracker admitted(long start, int records) {
    OffsetTracker tracker = new OffsetTracker(start, "");
    for (int i = 0; i < records; i++) {
      tracker.admit(start + i);
    }
    return tracker;
  }
}
