package io.sedd.trainer.tensorboard;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * TensorFlow's {@code Event} messages, as far as curves and texts need them (event.proto,
 * summary.proto, tensor.proto).
 */
final class Event {

  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION_LOG = 7;

  /** DT_STRING of types.proto. */
  private static final int STRING = 7;

  private Event() {}

  /** The first of every file. */
  static byte[] version(double time) {
    return new Message().real(WALL_TIME, time).bytes(FILE_VERSION, "brain.Event:2").toBytes();
  }

  /** A run starts: what earlier files have of later steps is not shown any more. */
  static byte[] start(double time, int step) {
    Message log = new Message().whole(1, 1);
    return at(time, step).message(SESSION_LOG, log).toBytes();
  }

  static byte[] scalar(double time, int step, String tag, float value) {
    return summary(time, step, new Message().bytes(1, tag).real32(2, value));
  }

  static byte[] text(double time, int step, String tag, String text) {
    Message plugin = new Message().bytes(1, "text");
    Message shape = new Message().message(2, new Message().whole(1, 1));
    Message tensor =
        new Message().whole(1, STRING).message(2, shape).bytes(8, text.getBytes(UTF_8));
    Message metadata = new Message().message(1, plugin);
    return summary(time, step, new Message().bytes(1, tag).message(8, tensor).message(9, metadata));
  }

  private static byte[] summary(double time, int step, Message value) {
    return at(time, step).message(SUMMARY, new Message().message(1, value)).toBytes();
  }

  private static Message at(double time, int step) {
    return new Message().real(WALL_TIME, time).whole(STEP, step);
  }
}
