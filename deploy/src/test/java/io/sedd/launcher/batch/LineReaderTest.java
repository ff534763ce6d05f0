package io.sedd.launcher.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sedd.launcher.batch.BatchLine.Form;
import io.sedd.protocol.job.JobDefaults;
import io.sedd.protocol.job.Segment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LineReaderTest {

  private static BatchLine read(String line) {
    return new LineReader().read(3, line.getBytes(UTF_8));
  }

  private static void assertFaulty(String code, String path, String line) {
    BatchLine.Faulty faulty = assertInstanceOf(BatchLine.Faulty.class, read(line), line);
    assertEquals(code, faulty.trouble().code(), line);
    assertEquals(path, faulty.trouble().path(), line);
    assertEquals(3, faulty.number());
  }

  @Test
  void aJobAndAnEnvelopeAroundItAreTheSameJob() {
    assertEquals(
        new BatchLine.Wanted(3, JobDefaults.job("a", List.of(new Segment.Blank(4))), Form.JOB),
        read("{\"id\": \"a\", \"template\": [{\"blank\": 4}]}"));
    BatchLine enveloped =
        new BatchLine.Wanted(
            3, JobDefaults.job("a", List.of(new Segment.Blank(4))), Form.CUSTOM_ID);
    assertEquals(
        enveloped, read("{\"custom_id\": \"a\", \"body\": {\"template\": [{\"blank\": 4}]}}"));
    assertEquals(
        enveloped,
        read(
            "{\"custom_id\": \"a\", \"method\": \"POST\", \"url\": \"/v1/completions\", \"body\":"
                + " {\"id\": \"a\", \"template\": [{\"blank\": 4}]}}"));
  }

  @Test
  void whatIsWrongIsSaidWithItsPlaceInTheLine() {
    assertFaulty("not_json", "$", "free text");
    assertFaulty("not_json", "$", "{\"custom_id\": \"a\", \"custom_id\": \"b\", \"body\": {}}");
    assertFaulty("missing_field", "$.id", "{\"template\": [{\"blank\": 4}]}");
    assertFaulty(
        "out_of_range", "$.steps", "{\"id\": \"a\", \"template\": [{\"blank\": 4}], \"steps\": 0}");
    assertFaulty("missing_field", "$.body.template", "{\"custom_id\": \"a\", \"body\": {}}");
    assertFaulty(
        "out_of_range",
        "$.custom_id",
        "{\"custom_id\": \"\", \"body\": {\"template\": [{\"blank\": 4}]}}");
    assertFaulty(
        "unknown_field",
        "$.body.max_tokens",
        "{\"custom_id\": \"a\", \"body\": {\"template\": [{\"blank\": 4}], \"max_tokens\": 4}}");
    assertFaulty("unknown_field", "$.model", "{\"custom_id\": \"a\", \"model\": 1, \"body\": {}}");
    assertFaulty("wrong_type", "$.custom_id", "{\"custom_id\": 7, \"body\": {}}");
    assertFaulty("wrong_type", "$.body", "{\"custom_id\": \"a\"}");
    assertFaulty("out_of_range", "$.body.id", "{\"custom_id\": \"a\", \"body\": {\"id\": \"b\"}}");
  }

  @Test
  void emptyLinesCountAsLinesAndAnIdStandsForOneJob() throws IOException {
    String job = "{\"id\": \"a\", \"template\": [{\"blank\": 4}]}";
    byte[] text = ("\n" + job + "\r\n \n" + job).getBytes(UTF_8);
    assertEquals(2, BatchInput.count(new ByteArrayInputStream(text)));
    try (BatchInput input = new BatchInput(new ByteArrayInputStream(text))) {
      assertEquals(2, input.next().orElseThrow().number());
      BatchLine.Faulty twice = assertInstanceOf(BatchLine.Faulty.class, input.next().orElseThrow());
      assertEquals(4, twice.number());
      assertEquals("duplicate_id", twice.trouble().code());
      assertEquals(Optional.empty(), input.next());
    }
  }
}
