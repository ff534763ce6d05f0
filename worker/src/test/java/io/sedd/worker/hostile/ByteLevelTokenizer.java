package io.sedd.worker.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The smallest tokenizer.json there can be: the 256 bytes in GPT-2's symbols and one merge. */
final class ByteLevelTokenizer {

  private ByteLevelTokenizer() {}

  static byte[] json() {
    ObjectNode vocabulary = JsonNodeFactory.instance.objectNode();
    int foreign = 256;
    for (int value = 0; value < 256; value++) {
      boolean visible =
          value >= '!' && value <= '~' || value >= 0xA1 && value <= 0xFF && value != 0xAD;
      vocabulary.put(Character.toString(visible ? value : foreign++), value);
    }
    vocabulary.put("th", 256);
    return """
    {"version": "1.0", "added_tokens": [{"id": 257, "content": "<|endoftext|>"}],
     "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
     "decoder": {"type": "ByteLevel"},
     "model": {"type": "BPE", "vocab": %s, "merges": ["t h"]}}\
    """
        .formatted(vocabulary)
        .getBytes(UTF_8);
  }
}
