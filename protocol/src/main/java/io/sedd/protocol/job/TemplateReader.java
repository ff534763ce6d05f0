package io.sedd.protocol.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sedd.protocol.job.JobError.Code;
import java.util.List;
import java.util.Optional;

/** The template of a job: at least one segment, at least one of them a blank. */
final class TemplateReader {

  private static final List<String> KINDS = List.of("text", "tokens", "blank");

  private final StrictObject job;
  private final Faults faults;

  TemplateReader(StrictObject job, Faults faults) {
    this.job = job;
    this.faults = faults;
  }

  List<Segment> read() {
    String path = job.pathOf("template");
    List<Segment> template = job.array("template", this::segment);
    boolean given = job.optional("template").filter(ArrayNode.class::isInstance).isPresent();
    if (given && job.optional("template").orElseThrow().isEmpty()) {
      faults.note(Code.EMPTY_TEMPLATE, path, "the template must have at least one segment");
    } else if (given && faults.isEmpty()) {
      checkBlanks(template, path);
    }
    return template;
  }

  private Optional<Segment> segment(JsonNode value, String path) {
    return job.asObject(value, path, KINDS).flatMap(this::segment);
  }

  private Optional<Segment> segment(StrictObject segment) {
    List<String> present = KINDS.stream().filter(segment::has).toList();
    if (present.isEmpty()) {
      faults.note(
          Code.MISSING_FIELD,
          segment.path(),
          "a segment must have one of the fields " + String.join(", ", KINDS));
      return Optional.empty();
    }
    if (present.size() > 1) {
      faults.note(
          Code.WRONG_TYPE,
          segment.path(),
          "a segment must have exactly one of the fields "
              + String.join(", ", KINDS)
              + ", but has "
              + String.join(" and ", present));
      return Optional.empty();
    }
    return Optional.of(
        switch (present.getFirst()) {
          case "text" -> new Segment.Text(segment.text("text"));
          case "tokens" -> new Segment.Tokens(segment.tokens("tokens"));
          default -> new Segment.Blank((int) segment.integer("blank", 1, JobLimits.MAX_BLANK));
        });
  }

  private void checkBlanks(List<Segment> template, String path) {
    long blanks = 0;
    for (Segment segment : template) {
      if (segment instanceof Segment.Blank(int length)) {
        blanks += length;
      }
    }
    if (blanks == 0) {
      faults.note(Code.NO_BLANK, path, "the template must have a blank: nothing is to be filled");
    } else if (blanks > JobLimits.MAX_BLANK) {
      faults.note(
          Code.TOO_LONG,
          path,
          "the blanks must have at most "
              + JobLimits.MAX_BLANK
              + " positions together, but have "
              + blanks);
    }
  }
}
