package io.sedd.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * Parsers for JSON that somebody else wrote: no key twice, nothing after the end, and nothing kept
 * of what was read.
 */
public final class ForeignJson {

  private ForeignJson() {}

  /**
   * A factory of parsers. Jackson's table of the names seen is off: it is shared, it grows to
   * thousands of names, and each document with a new one copies it, half a megabyte for a record of
   * 500 bytes.
   */
  public static JsonFactory factory() {
    return JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .build();
  }

  /** A mapper on such a factory that refuses what stands after the document; safe to share. */
  public static JsonMapper mapper() {
    return JsonMapper.builder(factory())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  /** The same with numbers exact: a fraction is a decimal, however many digits it has. */
  public static JsonMapper exactMapper() {
    return mapper().rebuild().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  }
}
