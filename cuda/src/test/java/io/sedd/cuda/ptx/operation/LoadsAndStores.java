package io.sedd.cuda.ptx.operation;

import io.sedd.cuda.ptx.machine.Bytes;
import io.sedd.cuda.ptx.machine.WarpOperation;
import io.sedd.cuda.ptx.syntax.Operand;
import io.sedd.cuda.ptx.syntax.PtxType;
import java.util.List;
import java.util.Set;

/** {@code ld} and {@code st} of every space, alone and as vectors. */
final class LoadsAndStores {

  /** Order, scope and caching: here every access is seen by everybody at once. */
  private static final Set<String> HINTS =
      Set.of(
          "weak",
          "volatile",
          "relaxed",
          "acquire",
          "release",
          "cta",
          "cluster",
          "gpu",
          "sys",
          "ca",
          "cg",
          "cs",
          "lu",
          "cv",
          "wb",
          "wt",
          "nc",
          "unified",
          "mmio");

  private LoadsAndStores() {}

  static boolean hint(String modifier) {
    return HINTS.contains(modifier) || modifier.startsWith("L1::") || modifier.startsWith("L2::");
  }

  /** The state space that the modifiers name. */
  static Place.Space space(Decoder d) {
    return switch (d.takeOne("global", "const", "shared", "shared::cta", "local", "param")) {
      case "global", "const" -> Place.Space.GLOBAL;
      case "shared", "shared::cta" -> Place.Space.SHARED;
      case "local" -> Place.Space.LOCAL;
      case "param" -> Place.Space.PARAMETER;
      default -> Place.Space.GENERIC;
    };
  }

  static WarpOperation load(Decoder d) {
    d.ignore(LoadsAndStores::hint);
    Place.Space space = space(d);
    int count = vector(d);
    PtxType type = d.type();
    List<Operand> elements = elements(d, 0, count);
    Target[] targets =
        elements.stream().map(element -> d.target(element, type)).toArray(Target[]::new);
    int size = type.bytes();
    Access access = new Access(d.address(1, space), size * count);
    boolean wide = targets[0].wide();
    if (size == 4 && !wide) {
      return load32(access, targets);
    }
    boolean signed = type.signed();
    return (warp, lanes) -> {
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        int at = access.read(warp, lane);
        byte[] bytes = access.bytes;
        for (Target target : targets) {
          target.set(warp, lane, Access.get(bytes, at, size, signed));
          at += size;
        }
      }
    };
  }

  private static WarpOperation load32(Access access, Target[] targets) {
    return (warp, lanes) -> {
      int[] r = warp.ints;
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        int at = access.read(warp, lane);
        byte[] bytes = access.bytes;
        for (Target target : targets) {
          r[target.base() + lane] = Bytes.int32(bytes, at);
          at += 4;
        }
      }
    };
  }

  static WarpOperation store(Decoder d) {
    d.ignore(LoadsAndStores::hint);
    Place.Space space = space(d);
    int count = vector(d);
    PtxType type = d.type();
    List<Operand> elements = elements(d, 1, count);
    Source[] sources =
        elements.stream().map(element -> d.source(element, type)).toArray(Source[]::new);
    int size = type.bytes();
    Access access = new Access(d.address(0, space), size * count);
    return (warp, lanes) -> {
      for (int m = lanes; m != 0; m &= m - 1) {
        int lane = Integer.numberOfTrailingZeros(m);
        int at = access.write(warp, lane);
        byte[] bytes = access.bytes;
        for (Source source : sources) {
          Access.put(bytes, at, size, source.get(warp, lane));
          at += size;
        }
        access.settle(warp);
      }
    };
  }

  private static int vector(Decoder d) {
    return switch (d.takeOne("v2", "v4", "v8")) {
      case "v2" -> 2;
      case "v4" -> 4;
      case "v8" -> 8;
      default -> 1;
    };
  }

  private static List<Operand> elements(Decoder d, int operand, int count) {
    List<Operand> elements = d.elements(operand);
    if (elements.size() != count) {
      throw d.error("expected " + count + " elements");
    }
    return elements;
  }
}
