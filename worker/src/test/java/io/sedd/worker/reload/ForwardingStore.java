package io.sedd.worker.reload;

import io.sedd.protocol.checkpoint.Checkpoint;
import io.sedd.protocol.checkpoint.CheckpointDraft;
import io.sedd.protocol.checkpoint.CheckpointStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A store before another one, to put faults in between. */
class ForwardingStore implements CheckpointStore {

  private final CheckpointStore store;

  ForwardingStore(CheckpointStore store) {
    this.store = store;
  }

  @Override
  public List<String> list() throws IOException {
    return store.list();
  }

  @Override
  public Optional<String> latest() throws IOException {
    return store.latest();
  }

  @Override
  public Checkpoint open(String name) throws IOException {
    return store.open(name);
  }

  @Override
  public String fingerprint(String name) throws IOException {
    return store.fingerprint(name);
  }

  @Override
  public CheckpointDraft draft(String name) throws IOException {
    return store.draft(name);
  }

  @Override
  public void makeLatest(String name) throws IOException {
    store.makeLatest(name);
  }

  @Override
  public void delete(String name) throws IOException {
    store.delete(name);
  }

  @Override
  public List<String> removeLeftovers() throws IOException {
    return store.removeLeftovers();
  }
}
