package io.sedd.launcher.bench;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.sampling.DenoisingBatch;
import io.sedd.diffusion.sampling.DiffusionModel;
import io.sedd.diffusion.sampling.Lane;
import io.sedd.diffusion.sampling.LaneRequest;
import io.sedd.diffusion.sampling.Predictor;
import io.sedd.diffusion.sampling.Template;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Lanes of given lengths and open shares.
 *
 * @param members one a lane
 */
record LaneSet(List<Member> members) {

  /** So many steps that none of them reveals anything while a bench looks: 1e-9 a position. */
  static final int STANDING_STILL = 1 << 30;

  /** Shortest of mixed lengths. */
  private static final int SHORTEST = 17;

  private static final double GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

  /**
   * A lane.
   *
   * @param length tokens
   * @param open share of them that is still to be filled; at least one token is
   */
  record Member(int length, double open) {

    int blanks() {
      return Math.max(1, (int) Math.round(open * length));
    }
  }

  /** Lanes that are all alike. */
  static LaneSet equal(int lanes, int length, double open) {
    return new LaneSet(IntStream.range(0, lanes).mapToObj(_ -> new Member(length, open)).toList());
  }

  /**
   * Lanes of lengths spread over 17 to {@code longest}, each somewhere else on its way as lanes of
   * different step counts are: as many as together have about {@code rows} tokens.
   */
  static LaneSet mixed(int rows, int longest) {
    int shortest = Math.min(SHORTEST, longest);
    List<Member> members = new ArrayList<>();
    int sum = 0;
    for (int i = 0; sum < rows; i++) {
      double u = (0.5 + i * GOLDEN_RATIO) % 1;
      double open = (0.25 + i * GOLDEN_RATIO * GOLDEN_RATIO) % 1;
      int length = shortest + (int) (u * (longest - shortest + 1));
      members.add(new Member(Math.min(length, Math.max(shortest, rows - sum)), open));
      sum += members.getLast().length();
    }
    return new LaneSet(members);
  }

  int rows() {
    return members.stream().mapToInt(Member::length).sum();
  }

  int openRows() {
    return members.stream().mapToInt(Member::blanks).sum();
  }

  /** A batch of these lanes, owned by the caller. */
  DenoisingBatch batch(Backend backend, DiffusionModel model, int steps, long seed) {
    DenoisingBatch batch = new DenoisingBatch(backend, rows());
    for (int sample = 0; sample < members.size(); sample++) {
      Template template = template(members.get(sample), sample, model.graph().tokens());
      LaneRequest request =
          new LaneRequest(template, Predictor.ANALYTIC, steps, 1, 1, seed, sample);
      batch.offer(new Lane(request, model));
    }
    return batch;
  }

  /** Blanks at random positions, as a run leaves them. */
  private static Template template(Member member, int sample, int tokens) {
    SplittableRandom random = new SplittableRandom(sample);
    int[] states = random.ints(member.length(), 0, tokens).toArray();
    List<Integer> positions = new ArrayList<>(IntStream.range(0, member.length()).boxed().toList());
    Collections.shuffle(positions, new Random(random.nextLong()));
    positions.subList(0, member.blanks()).forEach(p -> states[p] = Template.BLANK);
    return Template.of(states);
  }
}
