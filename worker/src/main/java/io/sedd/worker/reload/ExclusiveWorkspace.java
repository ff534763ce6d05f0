package io.sedd.worker.reload;

import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import java.util.concurrent.locks.ReentrantLock;

/** A workspace whose growing and shrinking excludes the kernels of its backend. */
record ExclusiveWorkspace(Workspace workspace, ReentrantLock lock) implements Workspace {

  @Override
  public Tensor take(int rows, int columns) {
    lock.lock();
    try {
      return workspace.take(rows, columns);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long mark() {
    return workspace.mark();
  }

  @Override
  public void release(long mark) {
    lock.lock();
    try {
      workspace.release(mark);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long peakBytes() {
    return workspace.peakBytes();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      workspace.close();
    } finally {
      lock.unlock();
    }
  }
}
