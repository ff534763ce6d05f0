package io.sedd.worker.denoising;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/**
 * Ties the denoising loop of one device to the worker's Vert.x instance: deployed with it, ended
 * with it.
 *
 * <p>The loop has a platform thread of its own and not one of a worker pool: a device's context
 * belongs to a thread, and the next step must not wait for a place in a pool.
 */
public final class DenoisingVerticle extends VerticleBase {

  private final DenoisingLoop loop;
  private final Thread thread;

  /** A verticle for one loop. */
  public DenoisingVerticle(DenoisingLoop loop) {
    this.loop = loop;
    this.thread =
        Thread.ofPlatform()
            .name(
                "sedd-denoising-%s-%s"
                    .formatted(loop.device().backend().name(), loop.device().label()))
            .unstarted(loop);
  }

  @Override
  public Future<?> start() {
    thread.start();
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    loop.stop();
    return vertx.executeBlocking(
        () -> {
          thread.join();
          return null;
        });
  }
}
