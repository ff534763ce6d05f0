package io.sedd.trainer.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Takes back what the makers of a data set did to its text (spaces before punctuation, marks for
 * hyphens and numbers), so that perplexities are of ordinary English. What each does, and in which
 * order, is that of the official SEDD preparation, which has its WikiText part from Megatron-LM;
 * perplexities of texts prepared otherwise do not compare.
 */
public enum Detokenizer {
  /** Leaves the text as it is. */
  NONE(new Rewriting()),

  /** WikiText-2 and -103. */
  WIKITEXT(
      new Rewriting()
          .literal("s '", "s'")
          .pattern("/' [0-9]/", "/'[0-9]/")
          .literal(" @-@ ", "-")
          .literal(" @,@ ", ",")
          .literal(" @.@ ", ".")
          .closeUpBefore(":;.!?,")
          .closeUpInside("\\(", "\\)")
          .closeUpInside("\\[", "\\]")
          .closeUpInside("\\{", "\\}")
          .closeUpInside("\"", "\"")
          .closeUpInside("'", "'")
          .literal("= = = =", "====")
          .literal("= = =", "===")
          .literal("= =", "==")
          .literal(" \u00b0 ", "\u00b0")
          .literal(" \n", "\n")
          .literal("\n ", "\n")
          .literal(" N ", " 1 ")
          .literal(" 's", "'s")),

  /** Penn Treebank, as prepared by Mikolov: N for numbers, unk for rare words. */
  PTB(
      new Rewriting()
          .literal(" 's", "'s")
          .literal("s ' ", "s' ")
          .literal(" n't", "n't")
          .literal(" \n ", "\n")
          .literal("\\/", "/")
          // neighbours share a space, so one reading leaves every other one
          .repeated(10, new Rewriting().literal(" N ", " 1 "))
          .literal("$ 1", "$1")
          .literal("# 1", "#1")
          .literal("<unk>", "?")),

  /** One billion words. */
  LM1B(
      new Rewriting()
          .literal("http : / / ", "http://")
          .literal("https : / / ", "https://")
          .pattern(" '(\\w+)", "'$1")
          .pattern(" (\\w+) \\. ", " $1. ")
          .pattern(" (\\w+) \\.$", " $1.")
          .literal(" ? ", "? ")
          .pattern(" \\?$", "?")
          .literal(" ! ", "! ")
          .pattern(" !$", "!")
          .literal(" , ", ", ")
          .literal(" : ", ": ")
          .literal(" ; ", "; ")
          .literal(" / ", "/")
          .pattern("\" ([^\"]+) \"", "\"$1\"")
          .pattern("' ([^']+) '", "'$1'")
          .pattern("\\( ([^()]+) \\)", "($1)")
          .pattern("\\[ ([^\\[\\]]+) \\]", "[$1]")
          .literal("$ ", "$")
          .literal("\u00a3 ", "\u00a3")),

  /** LAMBADA: straight quotation marks, and a line feed in front. */
  LAMBADA(
      new Rewriting()
          .literal("\u201c", "\"")
          .literal("\u201d", "\"")
          .step(text -> "\n" + text.strip()));

  @SuppressWarnings("ImmutableEnumChecker") // built once, never changed
  private final Rewriting rewriting;

  Detokenizer(Rewriting rewriting) {
    this.rewriting = rewriting;
  }

  /** The text as it was before. */
  public String apply(String text) {
    return rewriting.apply(text);
  }

  /** Replacements, one after the other. */
  private static final class Rewriting {

    private final List<UnaryOperator<String>> steps = new ArrayList<>();

    Rewriting step(UnaryOperator<String> step) {
      steps.add(step);
      return this;
    }

    Rewriting literal(String from, String to) {
      return step(text -> text.replace(from, to));
    }

    Rewriting pattern(String from, String to) {
      Pattern pattern = Pattern.compile(from, Pattern.UNICODE_CHARACTER_CLASS);
      return step(text -> pattern.matcher(text).replaceAll(to));
    }

    /** Takes away the space before each of these marks, where one follows too. */
    Rewriting closeUpBefore(String marks) {
      marks
          .chars()
          .mapToObj(Character::toString)
          .forEach(mark -> literal(" " + mark + " ", mark + " "));
      return this;
    }

    /** Takes away the white space just inside a pair of marks. */
    Rewriting closeUpInside(String open, String close) {
      return pattern(open + "\\s*([^" + close + "]*?)\\s*" + close, open + "$1" + close);
    }

    Rewriting repeated(int times, Rewriting rewriting) {
      for (int i = 0; i < times; i++) {
        step(rewriting::apply);
      }
      return this;
    }

    String apply(String text) {
      String present = text;
      for (UnaryOperator<String> step : steps) {
        present = step.apply(present);
      }
      return present;
    }
  }
}
