package io.sedd.protocol.job;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;

/** The schema files of the contract, ready to judge messages. */
final class SchemaFiles {

  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  /** What the schema has to say against the message; nothing if it is valid. */
  List<String> errors(String schemaFile, String json) {
    Schema schema =
        registry.getSchema(SchemaLocation.of("classpath:schemas/" + schemaFile + ".schema.json"));
    return schema
        .validate(
            json,
            InputFormat.JSON,
            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
        .stream()
        .map(Object::toString)
        .toList();
  }
}
