package io.sedd.cuda.mutation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Shows what the tests of kernels do not see, by hand: changes the kernels' PTX, one instruction at
 * a time, and runs the tests of the changed kernel in the emulator. Arguments: a source such as
 * {@code gate} or {@code attention_forward_16}; how many of its mutants, chosen at random; a seed.
 *
 * <p>What survives is to be looked at. It counts for nothing where it is
 *
 * <ul>
 *   <li>a border at which the compiler's unrolled loop and its rest give the same;
 *   <li>the half of a packed number that nobody reads, or a column beside the matrix whose sum is
 *       not used;
 *   <li>an order among random bits that differs once in 2^16 or 2^32;
 *   <li>what a result that is rounded to bf16 does not show;
 *   <li>a division of numbers above 2^32, which only tensors of that size reach;
 *   <li>another distance of a butterfly, as long as all lanes are still summed.
 * </ul>
 */
public final class Mutate {

  private Mutate() {}

  public static void main(String[] arguments) throws IOException {
    String source = arguments[0];
    int most = arguments.length > 1 ? Integer.parseInt(arguments[1]) : Integer.MAX_VALUE;
    long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : 1;
    MutantRun run = new MutantRun(source, Suites.testsOf(source));
    String ptx = ptx(source);
    Optional<String> before = run.failure(ptx);
    if (before.isPresent()) {
      throw new IllegalStateException("the tests fail without any change: " + before.get());
    }
    List<Mutant> mutants = new ArrayList<>(Mutations.of(ptx));
    int all = mutants.size();
    Collections.shuffle(mutants, new Random(seed));
    List<Mutant> chosen = mutants.subList(0, Math.min(most, all));
    int survivors = 0;
    for (Mutant mutant : chosen) {
      if (run.failure(mutant.ptx()).isEmpty()) {
        System.out.println(source + " " + mutant);
        survivors++;
      }
    }
    System.out.printf(
        "%s: %d of %d mutants tried, %d survived%n", source, chosen.size(), all, survivors);
  }

  /** The checked-in text of a source. */
  static String ptx(String source) throws IOException {
    String file = "/ptx/" + source + "-sm_80.ptx";
    try (InputStream in = Mutate.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
