package io.sedd.worker.reload;

import io.sedd.diffusion.backend.Activation;
import io.sedd.diffusion.backend.AdamWStep;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.DrawRule;
import io.sedd.diffusion.backend.EntropyTerm;
import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import io.sedd.diffusion.process.Graph;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A backend whose kernels exclude each other, so that a checkpoint can be loaded and probed by one
 * thread while another denoises: a backend itself is used by one thread at a time. The lock is fair
 * and held for one kernel, so a step waits for one copy or one product at most.
 */
public final class ExclusiveBackend implements Backend {

  private final Backend backend;

  /** Guards the backend and what it has allocated. */
  private final ReentrantLock lock = new ReentrantLock(true);

  /** Owns the backend from now on. */
  public ExclusiveBackend(Backend backend) {
    this.backend = backend;
  }

  @Override
  public String name() {
    return backend.name();
  }

  @Override
  public String description() {
    return backend.description();
  }

  @Override
  public Workspace workspace() {
    lock.lock();
    try {
      return new ExclusiveWorkspace(backend.workspace(), lock);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Tensor allocate(int rows, int columns) {
    lock.lock();
    try {
      return backend.allocate(rows, columns);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(MemorySegment source, Tensor target) {
    lock.lock();
    try {
      backend.write(source, target);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void read(Tensor source, MemorySegment target) {
    lock.lock();
    try {
      backend.read(source, target);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void fill(Tensor target, float value) {
    lock.lock();
    try {
      backend.fill(target, value);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void copy(Tensor source, Tensor target) {
    lock.lock();
    try {
      backend.copy(source, target);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void add(Tensor source, Tensor target) {
    lock.lock();
    try {
      backend.add(source, target);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void freeze(Tensor weight) {
    lock.lock();
    try {
      backend.freeze(weight);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void embed(Tensor table, int[] tokens, Tensor x) {
    lock.lock();
    try {
      backend.embed(table, tokens, x);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void embedBackward(Tensor dx, int[] tokens, Tensor dTable) {
    lock.lock();
    try {
      backend.embedBackward(dx, tokens, dTable);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void linear(
      Tensor x, Tensor weight, Tensor bias, Activation activation, Tensor preActivation, Tensor y) {
    lock.lock();
    try {
      backend.linear(x, weight, bias, activation, preActivation, y);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void linearBackward(
      Tensor dy,
      Tensor x,
      Tensor weight,
      Activation activation,
      Tensor preActivation,
      Tensor dx,
      Tensor dWeight,
      Tensor dBias) {
    lock.lock();
    try {
      backend.linearBackward(dy, x, weight, activation, preActivation, dx, dWeight, dBias);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void normModulate(
      Tensor x,
      Tensor weight,
      Tensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      Tensor statistics,
      Tensor z) {
    lock.lock();
    try {
      backend.normModulate(x, weight, modulation, shiftColumn, scaleColumn, layout, statistics, z);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void normModulateBackward(
      Tensor dz,
      Tensor x,
      Tensor weight,
      Tensor modulation,
      int shiftColumn,
      int scaleColumn,
      RowLayout layout,
      Tensor statistics,
      Tensor dx,
      Tensor dWeight,
      Tensor dModulation) {
    lock.lock();
    try {
      backend.normModulateBackward(
          dz,
          x,
          weight,
          modulation,
          shiftColumn,
          scaleColumn,
          layout,
          statistics,
          dx,
          dWeight,
          dModulation);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void rotate(Tensor qkv, int heads, RowLayout layout) {
    lock.lock();
    try {
      backend.rotate(qkv, heads, layout);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void rotateBackward(Tensor dqkv, int heads, RowLayout layout) {
    lock.lock();
    try {
      backend.rotateBackward(dqkv, heads, layout);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void attend(Tensor qkv, int heads, RowLayout layout, Tensor logSums, Tensor mix) {
    lock.lock();
    try {
      backend.attend(qkv, heads, layout, logSums, mix);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void attendBackward(
      Tensor dMix,
      Tensor qkv,
      Tensor mix,
      Tensor logSums,
      int heads,
      RowLayout layout,
      Tensor dqkv) {
    lock.lock();
    try {
      backend.attendBackward(dMix, qkv, mix, logSums, heads, layout, dqkv);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void addGated(
      Tensor branch, Tensor modulation, int gateColumn, RowLayout layout, Tensor x) {
    lock.lock();
    try {
      backend.addGated(branch, modulation, gateColumn, layout, x);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void addGatedBackward(
      Tensor dx,
      Tensor branch,
      Tensor modulation,
      int gateColumn,
      RowLayout layout,
      Tensor dBranch,
      Tensor dModulation) {
    lock.lock();
    try {
      backend.addGatedBackward(dx, branch, modulation, gateColumn, layout, dBranch, dModulation);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void gatherRows(Tensor x, int[] rows, Tensor y) {
    lock.lock();
    try {
      backend.gatherRows(x, rows, y);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void gatherRowsBackward(Tensor dy, int[] rows, Tensor dx) {
    lock.lock();
    try {
      backend.gatherRowsBackward(dy, rows, dx);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void draw(Tensor logits, RowLayout layout, int[] own, List<DrawRule> rules, int[] drawn) {
    lock.lock();
    try {
      backend.draw(logits, layout, own, rules, drawn);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void scoreEntropy(
      Graph graph,
      Tensor logits,
      RowLayout layout,
      int[] x,
      int[] x0,
      List<EntropyTerm> terms,
      double[] loss,
      Tensor gradient) {
    lock.lock();
    try {
      backend.scoreEntropy(graph, logits, layout, x, x0, terms, loss, gradient);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void adamW(
      AdamWStep step,
      Tensor gradient,
      Tensor parameters,
      Tensor firstMoment,
      Tensor secondMoment,
      Tensor average) {
    lock.lock();
    try {
      backend.adamW(step, gradient, parameters, firstMoment, secondMoment, average);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public double sumOfSquares(Tensor tensor) {
    lock.lock();
    try {
      return backend.sumOfSquares(tensor);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      backend.close();
    } finally {
      lock.unlock();
    }
  }
}
