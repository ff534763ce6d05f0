package io.sedd.cuda.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The suites see errors in kernels: of each kernel some that people make, among them those that the
 * suites once did not see. {@link Mutate} tries all of them.
 */
class MutantsTest {

  /** The n-th instruction of a kernel's text that begins with {@code before}, from 0. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          activation        | mul.f32           | add.f32           | 0
          columns           | bar.sync          | // bar.sync       | 0
          columns           | add.s64 %rd25     | sub.s64 %rd25     | 0
          dropout           | setp.ge.s32 %p10  | setp.gt.s32 %p10  | 0
          dropout           | shr.u64           | shl.b64           | 0
          elements          | setp.ge.s64       | setp.gt.s64       | 1
          gate              | bar.sync          | // bar.sync       | 0
          gate              | add.s64 %rd53     | sub.s64 %rd53     | 0
          lookup            | add.s32 %r20      | sub.s32 %r20      | 1
          norm              | bar.sync          | // bar.sync       | 0
          norm              | sub.f32 %f140     | add.f32 %f140     | 0
          norm              | sqrt.rn.f32       | rcp.rn.f32        | 0
          optimizer         | sub.f32 %f94      | add.f32 %f94      | 0
          rotary            | sub.f32 %f47      | add.f32 %f47      | 0
          loss              | bar.sync          | // bar.sync       | 0
          loss              | mov.f32 %f240, 0fFF800000 | mov.f32 %f240, 0f00000000 | 0
          draw              | bar.sync          | // bar.sync       | 0
          attention_forward_16  | bar.sync      | // bar.sync       | 0
          attention_backward_16 | bar.sync      | // bar.sync       | 0
          """)
  void anErrorInAKernelIsSeen(String source, String before, String after, int number)
      throws IOException {
    List<String> lines = new ArrayList<>(Mutate.ptx(source).lines().toList());
    int found = -1;
    for (int i = 0; i < lines.size() && found < number; i++) {
      String instruction = lines.get(i).strip().replaceAll("\\s+", " ");
      if (instruction.startsWith(before)) {
        found++;
        if (found == number) {
          lines.set(i, "\t" + after + instruction.substring(before.length()));
        }
      }
    }
    assertEquals(number, found, source + " has no such instruction: " + before);
    Optional<String> failure = run(source).failure(String.join("\n", lines) + "\n");
    assertTrue(failure.isPresent(), "no test of " + source + " failed");
  }

  /** Else a suite that always failed would pass for a sharp one. */
  @Test
  void withoutAnErrorNothingFails() throws IOException {
    assertEquals(Optional.empty(), run("gate").failure(Mutate.ptx("gate")));
  }

  /** Nine of ten at least; the rest change nothing that counts. */
  @Test
  void mostErrorsOfASmallKernelAreSeen() throws IOException {
    List<Mutant> mutants = new ArrayList<>(Mutations.of(Mutate.ptx("gate")));
    Collections.shuffle(mutants, new Random(5));
    List<Mutant> survivors =
        mutants.subList(0, 40).stream()
            .filter(m -> run("gate").failure(m.ptx()).isEmpty())
            .toList();
    assertTrue(survivors.size() <= 4, survivors.toString());
  }

  private static MutantRun run(String source) {
    return new MutantRun(source, Suites.testsOf(source));
  }
}
