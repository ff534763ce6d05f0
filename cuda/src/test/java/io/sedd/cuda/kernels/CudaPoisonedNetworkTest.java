package io.sedd.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.cuda.ptx.machine.KernelFault;
import io.sedd.diffusion.backend.Backend;
import io.sedd.diffusion.backend.Tensor;
import io.sedd.diffusion.backend.Workspace;
import org.junit.jupiter.api.Test;

/**
 * The same in reverse, and in a workspace whose memory is unwritten each time it is taken: what a
 * kernel reads and nobody wrote is then a fault, where it would else be what a kernel before it
 * left there.
 */
class CudaPoisonedNetworkTest extends CudaNetworkTest {

  @Override
  Backend open() {
    return PoisonedBackend.open();
  }

  @Test
  void whatWasLeftInAWorkspaceCannotBeRead() {
    try (Backend backend = open();
        Workspace workspace = backend.workspace();
        Tensor sum = backend.allocate(1, 4)) {
      backend.fill(workspace.take(1, 4), 1);
      workspace.reset();
      Tensor again = workspace.take(1, 4);
      KernelFault fault = assertThrows(KernelFault.class, () -> backend.add(again, sum));
      assertTrue(fault.getMessage().contains("never written"), fault.getMessage());
    }
  }
}
