package io.sedd.worker;

import io.sedd.worker.announcement.AnnouncementListener;
import io.sedd.worker.configuration.WorkerConfiguration;
import io.sedd.worker.denoising.CheckpointRack;
import io.sedd.worker.reload.CheckpointLoader;
import io.sedd.worker.reload.CheckpointWatcher;
import io.sedd.worker.reload.ReloadMetrics;
import io.sedd.worker.reload.ReloadSettings;
import io.sedd.worker.reload.Reloading;

/** Starts what loads checkpoints, on every device, and what hears of new ones. */
record CheckpointStart(SharedParts shared, OpenDevices devices, CheckpointRack rack) {

  CheckpointWatcher start() {
    WorkerConfiguration.Checkpoints checkpoints = shared.configuration().checkpoints();
    ClosingStack closing = shared.closing();
    Reloading reloading =
        new Reloading(
            closing.own("checkpoint store", ConfiguredStore.open(checkpoints)),
            new ReloadSettings(
                ConfiguredStore.place(checkpoints),
                checkpoints.interval(),
                checkpoints.pin(),
                checkpoints.canary()),
            new CheckpointLoader(devices.all(), shared.configuration().batch().maxRows()),
            rack,
            new ReloadMetrics(shared.metrics()),
            shared.clock());
    reloading.onChange(shared.live().checkpoints());
    CheckpointWatcher watcher =
        closing.own("checkpoint watcher", new CheckpointWatcher(reloading, checkpoints.interval()));
    checkpoints
        .announcements()
        .ifPresent(
            topic ->
                closing.own(
                    "announcement listener",
                    new AnnouncementListener(
                        shared.clients().plainConsumer(), topic, watcher::lookSoon)));
    return watcher;
  }
}
