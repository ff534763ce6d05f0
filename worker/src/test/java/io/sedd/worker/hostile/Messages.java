package io.sedd.worker.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sedd.protocol.job.Decoded;
import io.sedd.protocol.job.JobCodec;
import io.sedd.protocol.job.JobLimits;
import java.util.List;
import java.util.function.Function;

/**
 * The other messages: what is accepted is given back equal when it is written and read again.
 *
 * @param name of the message
 */
record Messages<M>(
    String name, String good, Function<byte[], Decoded<M>> decode, Function<M, byte[]> encode)
    implements HostileInput {

  private static final String RESULT =
      """
      {"jobId": "a", "outcome": "completed",
       "samples": [{"index": 0, "seed": -9223372036854775808, "text": "ab", "tokens": [1, 2]}],
       "checkpoint": {"name": "step-1", "sha256": "%s"},
       "steps": 4, "networkEvaluations": 5, "queueMillis": 1, "denoiseMillis": 2,
       "worker": "w", "metadata": {"k": "v"}}\
      """
          .formatted("0f".repeat(32));

  static HostileInput results() {
    return new Messages<>("results", RESULT, JobCodec::decodeResult, JobCodec::encode);
  }

  static HostileInput cancellations() {
    return new Messages<>(
        "cancellations",
        "{\"jobId\": \"story-17\"}",
        bytes -> JobCodec.decodeCancellation(bytes, JobLimits.defaults()),
        JobCodec::encode);
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(good.getBytes(UTF_8));
  }

  @Override
  public long allocationBound(int inputBytes) {
    return (1 << 18) + 256L * inputBytes;
  }

  @Override
  public Verdict read(byte[] bytes) {
    return switch (decode.apply(bytes)) {
      case Decoded.Valid<M>(M message) -> {
        M again = decode.apply(encode.apply(message)).orElseThrow();
        if (!again.equals(message)) {
          throw new AssertionError("written was " + message + ", read " + again);
        }
        yield Verdict.ACCEPTED;
      }
      case Decoded.Refused<M> refused -> {
        if (refused.errors().isEmpty()) {
          throw new AssertionError("refused without a reason");
        }
        yield Verdict.REFUSED;
      }
      case Decoded.Unreadable<M> _ -> Verdict.REFUSED;
    };
  }
}
