package io.sedd.worker.publishing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sedd.protocol.job.JobDefaults;
import io.sedd.protocol.job.Segment;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobKindTest {

  private static final Segment BLANK = new Segment.Blank(2);
  private static final Segment TEXT = new Segment.Text("a");

  @Test
  void theKindFollowsFromWhereTheBlanksAre() {
    assertKind(JobKind.FREE, BLANK);
    assertKind(JobKind.FREE, BLANK, BLANK);
    assertKind(JobKind.PREFIX, TEXT, BLANK);
    assertKind(JobKind.PREFIX, TEXT, TEXT, BLANK, BLANK);
    assertKind(JobKind.INFILL, BLANK, TEXT);
    assertKind(JobKind.INFILL, TEXT, BLANK, TEXT);
    assertKind(JobKind.INFILL, BLANK, TEXT, BLANK);
  }

  private static void assertKind(JobKind kind, Segment... template) {
    assertEquals(kind, JobKind.of(JobDefaults.job("id", List.of(template))));
  }
}
