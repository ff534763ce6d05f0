package io.sedd.worker;

import java.time.Duration;

/**
 * Ends the process where an orderly end does not come. A native call that hangs holds its thread,
 * its device and with them whatever closing waits for; nothing but the end of the process frees
 * them.
 */
final class ForcedEnd {

  private ForcedEnd() {}

  /**
   * Lets an orderly end take so long.
   *
   * @param halt ends the process, on a thread that does not keep it alive
   */
  static void after(Duration limit, Runnable halt) {
    Thread.ofPlatform()
        .daemon()
        .name("sedd-forced-end")
        .start(
            () -> {
              try {
                Thread.sleep(limit);
                halt.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }
}
