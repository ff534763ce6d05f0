package io.sedd.protocol.spelling;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The known name that lies closest to a misspelt one. */
public final class NearestName {

  /** Longer words are compared by their beginning: no known name is nearly as long. */
  private static final int COMPARED_CHARACTERS = 200;

  private NearestName() {}

  /**
   * The known name at the smallest edit distance, upper and lower case being the same; the first of
   * several.
   *
   * @return nothing where no name is known
   */
  public static Optional<String> of(String word, Collection<String> known) {
    String compared = comparable(word);
    String nearest = null;
    int smallest = Integer.MAX_VALUE;
    for (String name : known) {
      int distance = distance(compared, comparable(name));
      if (distance < smallest) {
        smallest = distance;
        nearest = name;
      }
    }
    return Optional.ofNullable(nearest);
  }

  private static String comparable(String word) {
    String beginning =
        word.length() > COMPARED_CHARACTERS ? word.substring(0, COMPARED_CHARACTERS) : word;
    return beginning.toLowerCase(Locale.ROOT);
  }

  /**
   * Insertions, deletions, replacements and swaps of neighbours that turn one word into the other:
   * the Damerau-Levenshtein distance in its optimal string alignment form.
   */
  static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }
}
