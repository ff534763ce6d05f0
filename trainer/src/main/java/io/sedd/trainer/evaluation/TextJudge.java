package io.sedd.trainer.evaluation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.text.TokenBuffer;
import io.sedd.diffusion.text.Tokenizer;
import io.sedd.trainer.corpus.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How well a language model can predict what another model wrote: generative perplexity. As in the
 * official evaluation the first token of a text is read and not counted, and what the model cannot
 * read at once is cut off. Low figures alone say nothing: repetition has them too.
 *
 * @param model that judges
 * @param batch texts in one evaluation of it
 */
public record TextJudge(LanguageModel model, int batch, Backend backend) {

  /**
   * What the judge says.
   *
   * @param natsPerToken -ln p over the judge's tokens
   * @param standardError of it, over the texts
   * @param bitsPerByte the same over the bytes of the texts
   */
  public record Verdict(double natsPerToken, double standardError, double bitsPerByte) {

    /** exp of the nats: generative perplexity. */
    public double perplexity() {
      return Math.exp(natsPerToken);
    }
  }

  /**
   * Judges texts of at least two tokens.
   *
   * @param samples tokens
   * @param from vocabulary that they are of
   */
  public Verdict judge(List<int[]> samples, Vocabulary from) {
    boolean same = from.fingerprint().equals(model.vocabulary().fingerprint());
    List<int[]> read = new ArrayList<>();
    long bytes = 0;
    for (int[] sample : samples) {
      int[] tokens = same ? sample : again(from.tokenizer().decode(sample));
      read.add(Arrays.copyOf(tokens, Math.min(tokens.length, model.length())));
      bytes += model.vocabulary().tokenizer().decode(read.getLast()).getBytes(UTF_8).length;
    }
    List<int[]> counted = read.stream().filter(tokens -> tokens.length > 1).toList();
    if (counted.isEmpty()) {
      throw new IllegalArgumentException("no text has two tokens; there is nothing to judge");
    }
    Tally tally = new Tally();
    model
        .likelihood(batch, backend)
        .nats(model.network(), counted)
        .forEach(nats -> tally.add(Arrays.stream(nats).skip(1).sum(), nats.length - 1));
    BoundEstimate estimate = tally.estimate(0);
    return new Verdict(
        estimate.nats(),
        estimate.standardError(),
        estimate.nats() * estimate.tokens() / bytes / Math.log(2));
  }

  /** A text is never read as an end of text, so it is cut there. */
  private int[] again(String text) {
    Tokenizer tokenizer = model.vocabulary().tokenizer();
    TokenBuffer tokens = new TokenBuffer(64);
    String[] documents = text.split(java.util.regex.Pattern.quote(Tokenizer.END_OF_TEXT), -1);
    for (int i = 0; i < documents.length; i++) {
      if (i > 0) {
        tokenizer.endOfText().ifPresent(tokens::append);
      }
      tokens.append(tokenizer.encode(documents[i]));
    }
    return tokens.toArray();
  }
}
