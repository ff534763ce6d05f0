package io.sedd.cuda.ptx.machine;

import io.sedd.cuda.driver.Grid;
import java.util.Set;

/** What {@code %tid.x} and its like hold. Clocks stand still: a kernel must not depend on them. */
public final class SpecialRegisters {

  private static final Set<String> WIDE = Set.of("clock64", "globaltimer", "gridid");
  private static final Set<String> NARROW =
      Set.of(
          "tid.x",
          "tid.y",
          "tid.z",
          "ntid.x",
          "ntid.y",
          "ntid.z",
          "ctaid.x",
          "ctaid.y",
          "ctaid.z",
          "nctaid.x",
          "nctaid.y",
          "nctaid.z",
          "laneid",
          "warpid",
          "nwarpid",
          "warpsize",
          "smid",
          "nsmid",
          "clock",
          "lanemask_eq",
          "lanemask_lt",
          "lanemask_le",
          "lanemask_gt",
          "lanemask_ge",
          "dynamic_smem_size",
          "total_smem_size");

  private SpecialRegisters() {}

  public static boolean known(String name) {
    return WIDE.contains(name) || NARROW.contains(name);
  }

  public static boolean wide(String name) {
    return WIDE.contains(name);
  }

  /** Whether it differs from block to block; the others a warp keeps for a whole launch. */
  static boolean ofBlock(String name) {
    return name.startsWith("ctaid");
  }

  static long value(String name, Block block, int warp, int lane) {
    Grid grid = block.grid();
    int thread = 32 * warp + lane;
    int x = grid.blockX();
    int y = grid.blockY();
    return switch (name) {
      case "tid.x" -> thread % x;
      case "tid.y" -> thread / x % y;
      case "tid.z" -> thread / (x * y);
      case "ntid.x" -> x;
      case "ntid.y" -> y;
      case "ntid.z" -> grid.blockZ();
      case "ctaid.x" -> block.x();
      case "ctaid.y" -> block.y();
      case "ctaid.z" -> block.z();
      case "nctaid.x" -> grid.gridX();
      case "nctaid.y" -> grid.gridY();
      case "nctaid.z" -> grid.gridZ();
      case "laneid" -> lane;
      case "warpid" -> warp;
      case "nwarpid", "warpsize" -> 32;
      case "nsmid" -> 1;
      case "lanemask_eq" -> 1L << lane;
      case "lanemask_lt" -> (1L << lane) - 1;
      case "lanemask_le" -> (2L << lane) - 1;
      case "lanemask_gt" -> ~((2L << lane) - 1) & 0xffff_ffffL;
      case "lanemask_ge" -> ~((1L << lane) - 1) & 0xffff_ffffL;
      case "dynamic_smem_size" -> block.dynamicBytes();
      case "total_smem_size" -> block.shared().size();
      default -> 0;
    };
  }
}
