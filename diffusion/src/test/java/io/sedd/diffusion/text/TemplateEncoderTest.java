package io.sedd.diffusion.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.JobError;
import io.sedd.protocol.job.Segment;
import java.util.List;
import org.junit.jupiter.api.Test;

class TemplateEncoderTest {

  private final TemplateEncoder encoder = new TemplateEncoder(new ByteTokenizer(), 10, 257);

  @Test
  void textsTokensAndBlanksFollowEachOther() {
    EncodedTemplate template =
        assertInstanceOf(
            EncodedTemplate.class,
            encode(
                new Segment.Text("ab"),
                new Segment.Blank(2),
                new Segment.Tokens(List.of(256, 0)),
                new Segment.Blank(1)));
    assertArrayEquals(new int[] {'a', 'b', -1, -1, 256, 0, -1}, template.tokens());
    assertArrayEquals(
        new boolean[] {true, true, false, false, true, true, false}, template.given());
    assertEquals(7, template.length());
  }

  @Test
  void eachTextIsTokenisedByItself() {
    Tokenizer own = new BytePairTokenizer(SmallVocabulary.of("h e"));
    TemplateEncoder joining = new TemplateEncoder(own, 10, own.vocabularySize());
    var whole = (EncodedTemplate) joining.encode(List.of(new Segment.Text("he")));
    var parts =
        (EncodedTemplate) joining.encode(List.of(new Segment.Text("h"), new Segment.Text("e")));
    assertEquals(1, whole.length());
    assertEquals(2, parts.length());
  }

  @Test
  void theModelsLengthItselfFits() {
    assertInstanceOf(EncodedTemplate.class, encode(new Segment.Blank(10)));
  }

  @Test
  void aTemplateOverTheModelsLengthIsRefusedWithBothNumbers() {
    JobError error = refused(new Segment.Text("abc"), new Segment.Blank(8));
    assertEquals(JobError.Code.TOO_LONG, error.code());
    assertEquals("$.template", error.path());
    assertTrue(error.message().contains("11"), error.message());
    assertTrue(error.message().contains("10"), error.message());
  }

  @Test
  void blanksBeyondAnyArrayAreCountedAndNotMade() {
    Segment huge = new Segment.Blank(Integer.MAX_VALUE);
    JobError error = refused(huge, huge, huge, new Segment.Text("a"));
    assertEquals(JobError.Code.TOO_LONG, error.code());
    assertTrue(error.message().contains("6442450942"), error.message());
  }

  @Test
  void aTokenThatTheCheckpointDoesNotKnowIsRefusedByItsPlace() {
    for (int unknown : new int[] {257, -1}) {
      JobError error = refused(new Segment.Blank(1), new Segment.Tokens(List.of(0, 256, unknown)));
      assertEquals(JobError.Code.UNKNOWN_TOKEN, error.code());
      assertEquals("$.template[1].tokens[2]", error.path());
      assertTrue(error.message().contains(unknown + "; the checkpoint's ids are 0 to 256"));
    }
  }

  @Test
  void aTextThatIsNoUnicodeIsRefused() {
    JobError error = refused(new Segment.Blank(1), new Segment.Text("x\uD800"));
    assertEquals(JobError.Code.NOT_TOKENIZABLE, error.code());
    assertEquals("$.template[1].text", error.path());
  }

  @Test
  void aTextThatNeedsTokensBeyondTheCheckpointsIsRefused() {
    TemplateEncoder ascii = new TemplateEncoder(new ByteTokenizer(), 10, 128);
    var refused = (RefusedTemplate) ascii.encode(List.of(new Segment.Text("a\u00E9")));
    assertEquals(JobError.Code.NOT_TOKENIZABLE, refused.error().code());
    assertEquals("$.template[0].text", refused.error().path());
  }

  private TemplateEncoding encode(Segment... segments) {
    return encoder.encode(List.of(segments));
  }

  private JobError refused(Segment... segments) {
    return assertInstanceOf(RefusedTemplate.class, encode(segments)).error();
  }
}
