package io.sedd.worker;

import io.sedd.worker.configuration.WorkerConfiguration;
import io.sedd.worker.denoising.CheckpointRack;
import io.sedd.worker.denoising.DenoisingLoop;
import io.sedd.worker.denoising.DenoisingSettings;
import io.sedd.worker.denoising.DenoisingVerticle;
import io.sedd.worker.denoising.Device;
import io.sedd.worker.denoising.StepLoops;
import io.sedd.worker.denoising.StepWatchdog;
import io.sedd.worker.publishing.ProgressPublisher;
import io.sedd.worker.scheduling.JobScheduler;
import io.vertx.core.Vertx;

/**
 * Starts the step loops: one verticle for each device, each with a thread, a batch and a watchdog
 * of its own. They share the queue, the checkpoints and one publisher of progress; a fault that
 * ends one of them ends the worker.
 */
record StepLoopStart(SharedParts shared, Vertx vertx, JobScheduler scheduler, CheckpointRack rack) {

  StepLoops start(OpenDevices devices) throws InterruptedException {
    ProgressPublisher progress =
        shared
            .closing()
            .own(
                "progress publisher",
                new ProgressPublisher(
                    shared.clients().plainProducer(),
                    shared.configuration().topics().progress(),
                    shared.metrics()));
    StepLoops loops =
        new StepLoops(devices.all().stream().map(device -> loop(device, progress)).toList());
    shared.closing().add("denoising", () -> end(loops));
    for (DenoisingLoop loop : loops.all()) {
      loop.watch(shared.live().batch());
      VertxAnswers.await(vertx.deployVerticle(new DenoisingVerticle(loop)));
      shared
          .closing()
          .own(
              "step watchdog",
              new StepWatchdog(
                  loop,
                  shared.configuration().backend().hangLimit(),
                  shared.clock(),
                  shared.failure()::complete));
    }
    return loops;
  }

  private DenoisingLoop loop(Device device, ProgressPublisher progress) {
    WorkerConfiguration configuration = shared.configuration();
    return new DenoisingLoop(
        device,
        new DenoisingSettings(configuration.batch().maxRows(), configuration.progress().interval()),
        scheduler,
        rack,
        shared.results(),
        progress::publish,
        shared.metrics(),
        shared.clock(),
        shared.failure()::complete);
  }

  /** All loops end their present steps at the same time, not one after the other. */
  private void end(StepLoops loops) throws InterruptedException {
    loops.stop();
    for (String id : vertx.deploymentIDs()) {
      VertxAnswers.await(vertx.undeploy(id));
    }
  }
}
