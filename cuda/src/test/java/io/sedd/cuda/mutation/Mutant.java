package io.sedd.cuda.mutation;

/**
 * PTX with one error in it.
 *
 * @param line of the file, from 1
 * @param what was changed, as the instruction before and after
 * @param ptx the whole text
 */
record Mutant(int line, String what, String ptx) {

  @Override
  public String toString() {
    return "line " + line + ": " + what;
  }
}
