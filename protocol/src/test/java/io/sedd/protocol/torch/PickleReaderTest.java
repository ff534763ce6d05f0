package io.sedd.protocol.torch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.torch.TorchValue.Dictionary;
import io.sedd.protocol.torch.TorchValue.Flag;
import io.sedd.protocol.torch.TorchValue.Real;
import io.sedd.protocol.torch.TorchValue.Sequence;
import io.sedd.protocol.torch.TorchValue.Text;
import io.sedd.protocol.torch.TorchValue.Whole;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PickleReaderTest {

  private static TorchValue read(String pickle) {
    return PickleReader.read(pickle.getBytes(ISO_8859_1));
  }

  private static String refusal(String pickle) {
    return assertThrows(TorchFileException.class, () -> read(pickle)).getMessage();
  }

  @Test
  void numbersStringsListsAndDictionariesAreRead() {
    // pickle.dumps({'a': [1, 300, -2, 1.5, True], 'b': ('c',)}, protocol=2), put down by hand
    TorchValue value =
        read(
            "\u0080\u0002}(X\u0001\0\0\0a](K\u0001M,\u0001J\u00fe\u00ff\u00ff\u00ff"
                + "G?\u00f8\0\0\0\0\0\0\u0088eX\u0001\0\0\0bX\u0001\0\0\0c\u0085u.");
    Dictionary dictionary = assertInstanceOf(Dictionary.class, value);
    assertEquals(
        List.of(new Whole(1), new Whole(300), new Whole(-2), new Real(1.5), new Flag(true)),
        assertInstanceOf(Sequence.class, dictionary.get("a")).items());
    assertEquals(
        List.of(new Text("c")), assertInstanceOf(Sequence.class, dictionary.get("b")).items());
  }

  @Test
  void aNumberOfUpToEightBytesIsRead() {
    assertEquals(new Whole(-1), read("\u0080\u0002\u008a\u0001\u00ff."));
    assertEquals(new Whole(0), read("\u0080\u0002\u008a\0."));
    assertEquals(new Whole(1L << 40), read("\u0080\u0002\u008a\u0006\0\0\0\0\0\u0001."));
    assertTrue(
        refusal("\u0080\u0002\u008a\u0009\0\0\0\0\0\0\0\0\u0001.").contains("8 are the most"));
  }

  @Test
  void whatIsKeptCanBeRecalled() {
    assertEquals(new Text("x"), read("\u0080\u0002U\u0001xq\u00070h\u0007."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0080\u0002cos\nsystem\nU\u0004true\u0085R.",
        "\u0080\u0002cbuiltins\neval\nU\u00011\u0085R.",
        "\u0080\u0004\u008c\u0002os\u008c\u0006system\u0093U\u0004true\u0085R.",
        "\u0080\u0002ctorch.jit\n_load\n)R."
      })
  void aPickleThatNamesAClassIsRefusedWithItsNameAndNothingIsRun(String pickle) {
    String message = refusal(pickle);
    assertTrue(message.contains("it names the class '"), message);
    assertTrue(message.contains("torch.save(model.state_dict(), ...)"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "\u0080\u0002",
        "\u0080\u0001N.",
        "\u0080\u0002X\u00ff\u00ff\u00ff\u007fx.",
        "\u0080\u0002X\u00ff\u00ff\u00ff\u00ffx.",
        "\u0080\u0002h\u0001.",
        "\u0080\u0002(K\u0001.",
        "\u0080\u0002K\u0001e.",
        "\u0080\u0002}K\u0001s.",
        "\u0080\u0002}]Ns.",
        "\u0080\u0002NK\u0001\u0086Q.",
        "\u0080\u0002N)R.",
        "\u0080\u0002U\u0002\u00ff\u00feq\u0001.",
        "\u0080\u0002ccollections\nOrderedDict\n.",
        "\u0080\u0002P1\n."
      })
  void aDamagedPickleIsRefused(String pickle) {
    refusal(pickle);
  }

  @Test
  void aListThatHoldsItselfDoesNoHarm() {
    Sequence list = assertInstanceOf(Sequence.class, read("\u0080\u0002]q\u0001h\u0001a."));
    assertEquals(list, list.items().getFirst());
    assertTrue(list.toString().contains("1"));
  }
}
