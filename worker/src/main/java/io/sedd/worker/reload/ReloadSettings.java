package io.sedd.worker.reload;

import io.sedd.worker.canary.CanarySettings;
import java.time.Duration;
import java.util.Optional;

/**
 * How checkpoints are followed.
 *
 * @param place of the store, for messages
 * @param interval between two looks at LATEST
 * @param pin the checkpoint to serve from the start, whatever LATEST names
 * @param canary how a new one is tried
 */
public record ReloadSettings(
    String place, Duration interval, Optional<String> pin, CanarySettings canary) {}
