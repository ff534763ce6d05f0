package io.sedd.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class ForeignJsonTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** With a table of names the ten-thousandth costs hundreds of kilobytes. */
  @Test
  void aDocumentWithANewNameCostsNoMoreAfterTenThousandOthers() throws IOException {
    JsonMapper mapper = ForeignJson.mapper();
    long most = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] document = "{\"name %d\": 1}".formatted(i).getBytes(UTF_8);
      long before = THREADS.getCurrentThreadAllocatedBytes();
      assertEquals(1, mapper.readTree(document).size());
      if (i >= 5_000) {
        most = Math.max(most, THREADS.getCurrentThreadAllocatedBytes() - before);
      }
    }
    assertTrue(most < 50_000, most + " bytes");
  }

  @Test
  void aKeyThatStandsTwiceAndTextAfterTheEndAreRefused() {
    JsonMapper mapper = ForeignJson.mapper();
    assertThrows(JsonProcessingException.class, () -> mapper.readTree("{\"a\": 1, \"a\": 2}"));
    assertThrows(JsonProcessingException.class, () -> mapper.readTree("{} {}"));
  }

  @Test
  void fractionsAreExactWhereThatIsAsked() throws IOException {
    String digits = "0.1000000000000000055511151231257827021181583404541015625";
    assertEquals(new BigDecimal(digits), ForeignJson.exactMapper().readTree(digits).decimalValue());
  }
}
