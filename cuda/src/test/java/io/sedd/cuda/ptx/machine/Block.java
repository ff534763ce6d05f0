package io.sedd.cuda.ptx.machine;

import io.sedd.cuda.driver.Grid;

/**
 * One block of a launch: its warps, its shared memory, its barriers. Used for one block after the
 * other.
 */
public final class Block {

  private final Program program;
  private final Launch launch;
  private final SharedMemory shared;
  private final Warp[] warps;
  private final int threads;
  private final int[] arrived = new int[16];
  private int x;
  private int y;
  private int z;

  Block(Program program, Launch launch) {
    this.program = program;
    this.launch = launch;
    Grid grid = launch.grid();
    threads = grid.blockX() * grid.blockY() * grid.blockZ();
    shared =
        new SharedMemory(program.sharedBytes() + launch.dynamicBytes(), launch.checks().shared());
    warps = new Warp[(threads + 31) / 32];
    for (int i = 0; i < warps.length; i++) {
      warps[i] = new Warp(program, i);
    }
  }

  public SharedMemory shared() {
    return shared;
  }

  public GlobalMemory global() {
    return launch.global();
  }

  public byte[] parameters() {
    return launch.parameters();
  }

  Grid grid() {
    return launch.grid();
  }

  int dynamicBytes() {
    return launch.dynamicBytes();
  }

  int x() {
    return x;
  }

  int y() {
    return y;
  }

  int z() {
    return z;
  }

  void spend(long warpSteps, long laneSteps) {
    launch.spend(program.name(), warpSteps, laneSteps);
  }

  /** Block and thread, for messages. */
  String thread(int number) {
    Grid grid = launch.grid();
    return "block (%d, %d, %d), thread (%d, %d, %d)"
        .formatted(
            x,
            y,
            z,
            number % grid.blockX(),
            number / grid.blockX() % grid.blockY(),
            number / (grid.blockX() * grid.blockY()));
  }

  void run(int blockX, int blockY, int blockZ) {
    x = blockX;
    y = blockY;
    z = blockZ;
    shared.begin();
    for (Warp warp : warps) {
      warp.begin(this, threads);
    }
    java.util.Arrays.fill(arrived, 0);
    boolean moved = true;
    while (moved) {
      moved = false;
      for (int i = 0; i < warps.length; i++) {
        Warp warp = warps[launch.checks().backwards() ? warps.length - 1 - i : i];
        if (warp.state() == Warp.State.READY) {
          warp.run();
          moved = true;
        }
      }
    }
    for (Warp warp : warps) {
      if (warp.state() != Warp.State.DONE) {
        throw new KernelFault(
            warp.where(0) + "waits at a barrier to which not all threads of the block come");
      }
    }
  }

  /** A warp comes to a barrier. True if it need not wait there. */
  boolean arrive(Warp warp, Barrier barrier) {
    int identity = warp.ints[barrier.identity()];
    int expected = barrier.threads() < 0 ? 32 * warps.length : warp.ints[barrier.threads()];
    if (identity < 0 || identity > 15 || expected < 32 || expected % 32 != 0) {
      throw new LaneFault(0, "barrier %d for %d threads".formatted(identity, expected));
    }
    arrived[identity] += 32;
    if (arrived[identity] < expected) {
      return barrier.arrive();
    }
    if (barrier.threads() < 0) {
      checkNobodyLeft(warp);
    }
    open(identity, warp, barrier);
    return true;
  }

  private void checkNobodyLeft(Warp warp) {
    for (Warp other : warps) {
      int all = Math.min(32, threads - 32 * other.index);
      if (Integer.bitCount(other.alive()) != all) {
        throw new LaneFault(
            Integer.numberOfTrailingZeros(warp.alive()),
            "a barrier for all threads of the block, some of which have left the kernel");
      }
    }
  }

  private void open(int identity, Warp last, Barrier barrier) {
    arrived[identity] = 0;
    shared.passBarrier();
    int total = barrier.reduction() == null ? 0 : predicates(identity, last, barrier);
    for (Warp warp : warps) {
      boolean waiting = waits(warp, identity);
      if (waiting) {
        warp.release();
      }
      if (barrier.reduction() != null && (waiting || warp == last)) {
        reduce(warp, warp == last ? barrier : warp.barrier(), total);
      }
    }
  }

  private static boolean waits(Warp warp, int identity) {
    return warp.state() == Warp.State.AT_BARRIER
        && warp.ints[warp.barrier().identity()] == identity;
  }

  private int predicates(int identity, Warp last, Barrier barrier) {
    int count = 0;
    for (Warp warp : warps) {
      if (warp == last || waits(warp, identity)) {
        Barrier its = warp == last ? barrier : warp.barrier();
        count += Integer.bitCount((warp.predicates[its.predicate()] ^ its.flip()) & warp.alive());
      }
    }
    return count;
  }

  private void reduce(Warp warp, Barrier barrier, int count) {
    int all = 0;
    for (Warp each : warps) {
      all += Integer.bitCount(each.alive());
    }
    switch (barrier.reduction()) {
      case POPC -> {
        for (int lane = 0; lane < 32; lane++) {
          warp.ints[barrier.result() + lane] = count;
        }
      }
      case AND -> warp.predicates[barrier.result()] = count == all ? -1 : 0;
      case OR -> warp.predicates[barrier.result()] = count > 0 ? -1 : 0;
    }
  }
}
