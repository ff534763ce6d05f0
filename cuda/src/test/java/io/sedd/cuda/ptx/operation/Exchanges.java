package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.Instruction;
import io.sedd.cuda.ptx.machine.LaneFault;
import io.sedd.cuda.ptx.machine.Warp;
import io.sedd.cuda.ptx.machine.WarpOperation;
import io.sedd.cuda.ptx.syntax.Operand;
import io.sedd.cuda.ptx.syntax.PtxType;

/**
 * What the lanes of a warp tell each other: {@code shfl}, {@code vote}, {@code match}, {@code
 * redux}.
 */
final class Exchanges {

  /** An exchange, and which lanes must come to it. */
  record Exchange(WarpOperation body, Instruction.Members members) {}

  /** Makes a lane's result of what all lanes that take part bring. */
  @FunctionalInterface
  private interface Outcome {
    long of(Warp warp, int lane, int peers);
  }

  private Exchanges() {}

  static Exchange decode(Decoder d) {
    d.take("sync");
    return switch (d.name()) {
      case "shfl" -> shuffle(d);
      case "vote" -> vote(d);
      case "match" -> match(d);
      case "redux" -> reduce(d);
      case "elect" -> elect(d);
      case "bar" -> {
        d.take("warp");
        yield new Exchange((warp, lanes) -> warp.countSync(), members(d.int32(0)));
      }
      default -> throw d.error("the emulator does not know this exchange");
    };
  }

  /** The lanes that a mask names; mostly it names all. */
  static Instruction.Members members(int mask) {
    return (warp, lanes) -> {
      int[] r = warp.ints;
      int all = r[mask + Integer.numberOfTrailingZeros(lanes)];
      if (all == -1) {
        return all;
      }
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        int mine = r[mask + lane];
        if ((mine >>> lane & 1) == 0) {
          throw new LaneFault(lane, "its mask %08x leaves out the lane itself".formatted(mine));
        }
        all |= mine;
      }
      return all;
    };
  }

  private static Exchange shuffle(Decoder d) {
    String mode = d.takeOne("up", "down", "bfly", "idx");
    d.type();
    Operand result = d.operand(0);
    boolean pair = result instanceof Operand.Pair;
    Target target =
        d.target(result instanceof Operand.Pair both ? both.first() : result, PtxType.B32);
    int inRange = pair ? d.targetPredicate(((Operand.Pair) result).second()) : -1;
    int a = d.int32(1);
    int b = d.int32(2);
    int c = d.int32(3);
    int mask = d.int32(4);
    WarpOperation body =
        (warp, lanes) -> {
          int[] r = warp.ints;
          int[] brought = new int[32];
          System.arraycopy(r, a, brought, 0, 32);
          int[] sources = new int[32];
          int good = 0;
          for (int m = lanes; m != 0; m &= m - 1) {
            int lane = Integer.numberOfTrailingZeros(m);
            int segment = r[c + lane] >> 8 & 31;
            int last = (lane & segment) | (r[c + lane] & 31 & ~segment);
            int step = r[b + lane] & 31;
            int from =
                switch (mode) {
                  case "up" -> lane - step;
                  case "down" -> lane + step;
                  case "bfly" -> lane ^ step;
                  default -> (lane & segment) | (step & ~segment);
                };
            boolean in = mode.equals("up") ? from >= last : from <= last;
            if (in) {
              good |= 1 << lane;
            }
            sources[lane] = in ? from : lane;
            if ((lanes & r[mask + lane] & 1 << sources[lane]) == 0) {
              throw new LaneFault(
                  lane, "reads lane %d, which does not take part".formatted(sources[lane]));
            }
          }
          for (int m = lanes; m != 0; m &= m - 1) {
            int lane = Integer.numberOfTrailingZeros(m);
            target.set(warp, lane, brought[sources[lane]]);
          }
          if (inRange >= 0) {
            warp.predicates[inRange] = (warp.predicates[inRange] & ~lanes) | good;
          }
        };
    return new Exchange(body, members(mask));
  }

  private static Exchange vote(Decoder d) {
    String mode = d.takeOne("all", "any", "uni", "ballot");
    d.type();
    Predicate predicate = d.predicate(1);
    int mask = d.int32(2);
    if (mode.equals("ballot")) {
      return gather(
          d.target(0, PtxType.B32), mask, (warp, lane, peers) -> predicate.get(warp) & peers);
    }
    int target = d.targetPredicate(d.operand(0));
    WarpOperation body =
        (warp, lanes) -> {
          int votes = predicate.get(warp);
          int outcome = 0;
          for (int m = lanes; m != 0; m &= m - 1) {
            int lane = Integer.numberOfTrailingZeros(m);
            int peers = lanes & warp.ints[mask + lane];
            boolean all = (votes & peers) == peers;
            boolean any = (votes & peers) != 0;
            boolean yes = mode.equals("all") ? all : mode.equals("any") ? any : all || !any;
            outcome |= yes ? 1 << lane : 0;
          }
          warp.predicates[target] = (warp.predicates[target] & ~lanes) | outcome;
        };
    return new Exchange(body, members(mask));
  }

  private static Exchange match(Decoder d) {
    boolean all = d.takeOne("any", "all").equals("all");
    PtxType type = d.type();
    Operand result = d.operand(0);
    Source value = d.source(1, type);
    int mask = d.int32(2);
    Outcome equal =
        (warp, lane, peers) -> {
          int same = 0;
          for (int m = peers; m != 0; m &= m - 1) {
            int other = Integer.numberOfTrailingZeros(m);
            if (value.get(warp, other) == value.get(warp, lane)) {
              same |= 1 << other;
            }
          }
          return all && same != peers ? 0 : same;
        };
    if (!(result instanceof Operand.Pair pair)) {
      return gather(d.target(result, PtxType.B32), mask, equal);
    }
    Exchange masks = gather(d.target(pair.first(), PtxType.B32), mask, equal);
    int target = d.targetPredicate(pair.second());
    WarpOperation body =
        (warp, lanes) -> {
          int first = Integer.numberOfTrailingZeros(lanes);
          boolean yes = equal.of(warp, first, lanes & warp.ints[mask + first]) != 0;
          masks.body.run(warp, lanes);
          warp.predicates[target] = (warp.predicates[target] & ~lanes) | (yes ? lanes : 0);
        };
    return new Exchange(body, masks.members);
  }

  private static Exchange reduce(Decoder d) {
    String operation = d.takeOne("add", "min", "max", "and", "or", "xor");
    PtxType type = d.type();
    Source value = d.source(1, type);
    return gather(
        d.target(0, type),
        d.int32(2),
        (warp, lane, peers) -> {
          long result = value.get(warp, Integer.numberOfTrailingZeros(peers));
          for (int m = peers & peers - 1; m != 0; m &= m - 1) {
            long next = value.get(warp, Integer.numberOfTrailingZeros(m));
            result =
                switch (operation) {
                  case "add" -> result + next;
                  case "min" -> Math.min(result, next);
                  case "max" -> Math.max(result, next);
                  case "and" -> result & next;
                  case "or" -> result | next;
                  default -> result ^ next;
                };
          }
          return result;
        });
  }

  private static Exchange elect(Decoder d) {
    if (!(d.operand(0) instanceof Operand.Pair pair)) {
      throw d.error("expected two destinations");
    }
    int target = d.targetPredicate(pair.second());
    Exchange leader =
        gather(
            d.target(pair.first(), PtxType.B32),
            d.int32(1),
            (warp, lane, peers) -> Integer.numberOfTrailingZeros(peers));
    WarpOperation body =
        (warp, lanes) -> {
          leader.body.run(warp, lanes);
          warp.predicates[target] =
              (warp.predicates[target] & ~lanes) | Integer.lowestOneBit(lanes);
        };
    return new Exchange(body, leader.members);
  }

  /** All results are made before the first is written, which may be a register that others read. */
  private static Exchange gather(Target target, int mask, Outcome outcome) {
    WarpOperation body =
        (warp, lanes) -> {
          long[] results = new long[32];
          for (int m = lanes; m != 0; m &= m - 1) {
            int lane = Integer.numberOfTrailingZeros(m);
            results[lane] = outcome.of(warp, lane, lanes & warp.ints[mask + lane]);
          }
          for (int m = lanes; m != 0; m &= m - 1) {
            int lane = Integer.numberOfTrailingZeros(m);
            target.set(warp, lane, results[lane]);
          }
        };
    return new Exchange(body, members(mask));
  }

  /** {@code activemask}: those that happen to be here. */
  static WarpOperation activeMask(Decoder d) {
    d.type();
    Target target = d.target(0, PtxType.B32);
    return (warp, lanes) -> {
      for (int m = lanes; m != 0; m &= m - 1) {
        target.set(warp, Integer.numberOfTrailingZeros(m), lanes);
      }
    };
  }
}
