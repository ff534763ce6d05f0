package io.sedd.worker.reload;

import java.util.Optional;

/**
 * Where reloading stands.
 *
 * @param serving name of the checkpoint that new jobs start on, if there is one
 * @param refused what is wrong with the one that is named latest, if it is refused
 */
public record ReloadStatus(Optional<String> serving, Optional<String> refused) {}
