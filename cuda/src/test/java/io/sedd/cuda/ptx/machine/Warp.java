package io.sedd.cuda.ptx.machine;

/**
 * 32 lanes that run one program. Lanes that branch apart are splits, each with its own position;
 * the split that is furthest behind runs first, and splits that meet become one. An instruction
 * that needs more lanes than came so far waits for them, as on cards since Volta, so that the order
 * in which splits run changes nothing of what they compute.
 *
 * <p>Of one thread.
 */
public final class Warp {

  enum State {
    READY,
    AT_BARRIER,
    DONE
  }

  /** Registers of up to 32 bits; those of 16 have zeros above. */
  public final int[] ints;

  /** Registers of 64 bits. */
  public final long[] longs;

  /** Registers of one bit; bit l is lane l's. */
  public final int[] predicates;

  /** Carry flags of {@code add.cc} and its like. */
  public int carry;

  /** Local memory, lane by lane. */
  public final byte[] local;

  public final int index;
  public final AsyncCopies copies = new AsyncCopies();
  private final Program program;
  private Block block;

  private int position;
  private int lanes;
  private int alive;
  private final int[] otherPositions = new int[32];
  private final int[] otherLanes = new int[32];
  private final boolean[] otherWaits = new boolean[32];
  private int others;
  private int syncs;
  private State state = State.DONE;

  Warp(Program program, int index) {
    this.program = program;
    this.index = index;
    ints = new int[program.ints()];
    longs = new long[program.longs()];
    predicates = new int[program.predicates()];
    predicates[0] = -1;
    local = new byte[32 * program.localBytes()];
    for (Program.Constant constant : program.constants()) {
      set(constant.wide(), constant.base(), constant.bits());
    }
  }

  /** Lanes that have not left the kernel. */
  public int alive() {
    return alive;
  }

  public Block block() {
    return block;
  }

  /** How often lanes of this warp have waited for each other, for {@link SharedMemory}. */
  public int syncs() {
    return syncs;
  }

  /** Called by instructions after which lanes of the warp see what the others have stored. */
  public void countSync() {
    syncs++;
  }

  State state() {
    return state;
  }

  Instruction current() {
    return program.code()[position];
  }

  void begin(Block block, int threads) {
    boolean first = this.block == null;
    this.block = block;
    int mine = Math.min(32, threads - 32 * index);
    lanes = mine == 32 ? -1 : (1 << mine) - 1;
    alive = lanes;
    position = 0;
    others = 0;
    syncs = 0;
    carry = 0;
    copies.clear();
    state = State.READY;
    for (Program.SpecialRegister special : program.specials()) {
      if (first || SpecialRegisters.ofBlock(special.name())) {
        set(special);
      }
    }
  }

  private void set(Program.SpecialRegister special) {
    for (int lane = 0; lane < 32; lane++) {
      long value = SpecialRegisters.value(special.name(), block, index, lane);
      if (special.wide()) {
        longs[special.base() + lane] = value;
      } else {
        ints[special.base() + lane] = (int) value;
      }
    }
  }

  private void set(boolean wide, int base, long bits) {
    for (int lane = 0; lane < 32; lane++) {
      if (wide) {
        longs[base + lane] = bits;
      } else {
        ints[base + lane] = (int) bits;
      }
    }
  }

  /** Runs until all lanes are done or the warp stands at a barrier. */
  void run() {
    try {
      advance();
    } catch (LaneFault fault) {
      throw new KernelFault(where(fault.lane()) + fault.getMessage());
    } catch (IndexOutOfBoundsException | ArithmeticException | IllegalArgumentException e) {
      throw new IllegalStateException(
          where(Integer.numberOfTrailingZeros(lanes)) + "the emulator itself failed", e);
    }
  }

  private void advance() {
    Instruction[] code = program.code();
    long steps = 0;
    long warpSteps = 0;
    while (state == State.READY) {
      Instruction instruction = code[position];
      if (others != 0 && instruction.leader) {
        meet();
        instruction = code[position];
      }
      int active = lanes & (predicates[instruction.guard] ^ instruction.flip);
      warpSteps++;
      steps += Integer.bitCount(active);
      switch (instruction.kind) {
        case STEP -> {
          if (active != 0) {
            instruction.body.run(this, active);
          }
          position++;
        }
        case BRANCH -> {
          branch(instruction.target, active);
          block.spend(warpSteps, steps);
          warpSteps = 0;
          steps = 0;
        }
        case EXIT -> leave(active);
        case TOGETHER -> {
          if (active == 0) {
            position++;
          } else if ((instruction.members.of(this, active) & alive & ~active) != 0) {
            await(instruction);
          } else {
            instruction.body.run(this, active);
            position++;
          }
        }
        case BARRIER -> {
          if (active != alive) {
            await(instruction);
          } else {
            state = block.arrive(this, instruction.barrier) ? State.READY : State.AT_BARRIER;
            position++;
          }
        }
      }
    }
    block.spend(warpSteps, steps);
  }

  void release() {
    state = State.READY;
  }

  /** The barrier that the warp stands at: the instruction before the one to come. */
  Barrier barrier() {
    return program.code()[position - 1].barrier;
  }

  private void branch(int target, int taken) {
    int stay = lanes & ~taken;
    if (taken == 0) {
      position++;
    } else if (stay == 0) {
      position = target;
    } else {
      park(target, taken, false);
      lanes = stay;
      position++;
    }
  }

  private void leave(int leaving) {
    lanes &= ~leaving;
    alive &= ~leaving;
    position++;
    for (int i = 0; i < others; i++) {
      otherWaits[i] = false;
    }
    if (alive == 0) {
      state = State.DONE;
    } else if (lanes == 0) {
      resume(nextRunnable());
    }
  }

  private void park(int at, int which, boolean waits) {
    otherPositions[others] = at;
    otherLanes[others] = which;
    otherWaits[others++] = waits;
  }

  /** Joins splits that are at the same place, then turns to the one that is furthest behind. */
  private void meet() {
    for (int i = others - 1; i >= 0; i--) {
      if (otherPositions[i] == position) {
        lanes |= otherLanes[i];
        remove(i);
      }
    }
    int next = nextRunnable();
    if (next >= 0 && otherPositions[next] < position) {
      park(position, lanes, false);
      resume(next);
      meet();
    }
  }

  private void await(Instruction instruction) {
    int next = nextRunnable();
    if (next < 0) {
      throw new KernelFault(stuck(instruction));
    }
    int at = position;
    int which = lanes;
    resume(next);
    park(at, which, true);
  }

  private int nextRunnable() {
    int next = -1;
    for (int i = 0; i < others; i++) {
      if (!otherWaits[i] && (next < 0 || otherPositions[i] < otherPositions[next])) {
        next = i;
      }
    }
    return next;
  }

  private void resume(int split) {
    position = otherPositions[split];
    lanes = otherLanes[split];
    remove(split);
  }

  private void remove(int split) {
    others--;
    otherPositions[split] = otherPositions[others];
    otherLanes[split] = otherLanes[others];
    otherWaits[split] = otherWaits[others];
  }

  private String stuck(Instruction instruction) {
    StringBuilder message = new StringBuilder(where(Integer.numberOfTrailingZeros(lanes)));
    message.append("waits for lanes that never come; lanes %08x wait here".formatted(lanes));
    for (int i = 0; i < others; i++) {
      message.append(
          ", lanes %08x at line %d `%s`"
              .formatted(
                  otherLanes[i],
                  program.code()[otherPositions[i]].text.line(),
                  program.code()[otherPositions[i]].text.text()));
    }
    if (instruction.kind == Instruction.Kind.BARRIER && others == 0) {
      message.append(", the others are excluded by the instruction's predicate");
    }
    return message.toString();
  }

  /** Kernel, instruction, block and thread, as a message begins. */
  String where(int lane) {
    var text = program.code()[Math.min(position, program.code().length - 1)].text;
    return "kernel %s, PTX line %d `%s`%s, %s: "
        .formatted(
            program.name(),
            text.line(),
            text.text(),
            text.source().isEmpty() ? "" : " (" + text.source() + ")",
            block.thread(32 * index + lane));
  }
}
