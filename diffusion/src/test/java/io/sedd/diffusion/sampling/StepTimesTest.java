package io.sedd.diffusion.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sedd.diffusion.DiffusionProcess;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.backend.reference.ReferenceBackend;
import io.sedd.diffusion.network.Head;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.NetworkShape;
import io.sedd.diffusion.network.ScoreModel;
import io.sedd.diffusion.process.Graph;
import io.sedd.diffusion.process.NoiseSchedule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Time passes here only where the parts of a step let it. */
class StepTimesTest {

  private static final DiffusionProcess PROCESS =
      new DiffusionProcess(new Graph.Absorbing(6), new NoiseSchedule.LogLinear());

  private final Backend backend = new ReferenceBackend();
  private long now;

  @AfterEach
  void closeBackend() {
    backend.close();
  }

  /** A model whose blocks take 1,000 ns and whose head takes 200. */
  private final class SlowModel implements ScoreModel {

    private final FixedScores scores = new FixedScores(7, -60, backend);

    @Override
    public NetworkShape shape() {
      return scores.shape();
    }

    @Override
    public Tensor logits(NetworkInput input, Workspace workspace) {
      return scores.logits(input, workspace);
    }

    @Override
    public Head evaluate(NetworkInput input, Workspace workspace) {
      now += 1_000;
      Head head = ScoreModel.super.evaluate(input, workspace);
      return (from, to) -> {
        now += 200;
        return head.logits(from, to);
      };
    }
  }

  private DenoisingBatch batch() {
    RowDraw draw =
        (logits, layout, own, rules, drawn) -> {
          now += 30;
          return backend.beginDraw(logits, layout, own, rules, drawn);
        };
    return new DenoisingBatch(backend, draw, 64, () -> now);
  }

  private static Lane lane(ScoreModel model) {
    return new Lane(
        new LaneRequest(Template.blank(5), Predictor.ANALYTIC, 8, 1),
        new DiffusionModel(model, PROCESS));
  }

  @Test
  void aStepIsSplitIntoItsPhases() {
    try (DenoisingBatch batch = batch()) {
      assertEquals(StepTimes.NONE, batch.lastStep());
      batch.offer(lane(new SlowModel()));
      batch.step();
      assertEquals(new StepTimes(1_000, 200, 30, 0), batch.lastStep());
      batch.step();
      assertEquals(1_230, batch.lastStep().total());
    }
  }

  @Test
  void theGroupsOfAStepAreAddedUp() {
    try (DenoisingBatch batch = batch()) {
      batch.offer(lane(new SlowModel()));
      batch.offer(lane(new SlowModel()));
      batch.step();
      assertEquals(new StepTimes(2_000, 400, 60, 0), batch.lastStep());
    }
  }

  @Test
  void aStepThatFailsLeavesTheTimesOfTheLastGoodOne() {
    List<RuntimeException> faults = new ArrayList<>();
    ScoreModel fragile =
        new ScoreModel() {
          private final ScoreModel sound = new SlowModel();

          @Override
          public NetworkShape shape() {
            return sound.shape();
          }

          @Override
          public Tensor logits(NetworkInput input, Workspace workspace) {
            now += 7_000;
            faults.forEach(
                fault -> {
                  throw fault;
                });
            return sound.logits(input, workspace);
          }
        };
    try (DenoisingBatch batch = batch()) {
      batch.offer(lane(fragile));
      batch.step();
      faults.add(new IllegalStateException("device lost"));
      assertThrows(IllegalStateException.class, batch::step);
      assertEquals(new StepTimes(7_000, 0, 30, 0), batch.lastStep());
      faults.clear();
      batch.step();
      assertEquals(new StepTimes(7_000, 0, 30, 0), batch.lastStep());
    }
  }
}
