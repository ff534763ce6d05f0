package io.sedd.protocol.configuration;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Which keys have values that must not be shown. */
final class Secrets {

  static final String MASK = "***";

  /** Anywhere in a key, since nobody counts passwords or measures secrets. */
  private static final Pattern TELLING =
      Pattern.compile(
          "password|passphrase|secret|credential|sasl\\.jaas\\.config|ssl\\.keystore\\.key"
              + "|basic\\.auth\\.user\\.info");

  /** Only as a word of its own: {@code maxTokens} and {@code tokenizer} are no secrets. */
  private static final Set<String> TELLING_WORDS = Set.of("token");

  private static final Pattern BETWEEN_WORDS =
      Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])");

  private Secrets() {}

  /** Whether a text at the key, dotted or not, must be masked. */
  static boolean isSecret(String key) {
    return TELLING.matcher(key.toLowerCase(Locale.ROOT)).find()
        || BETWEEN_WORDS
            .splitAsStream(key)
            .map(word -> word.toLowerCase(Locale.ROOT))
            .anyMatch(TELLING_WORDS::contains);
  }
}
