package io.sedd.cuda.kernels;

import io.sedd.cuda.driver.Driver;
import io.sedd.cuda.driver.Products;
import io.sedd.cuda.driver.Stream;
import io.sedd.cuda.memory.CudaMemory;

/**
 * The kernels on one stream, with scratch memory and tables of their own: two sets do not get into
 * each other's way. Used by one thread at a time.
 */
record KernelSet(
    Stream stream,
    Device device,
    LayoutTables layouts,
    ElementKernels elements,
    LookupKernels lookup,
    LinearKernels linear,
    NormKernels norm,
    RotaryKernel rotary,
    AttentionKernels attention,
    GateKernels gate,
    DrawKernel draw,
    LossKernels losses,
    OptimizerKernels optimizer)
    implements AutoCloseable {

  /** A set on a new stream; what it is given stays its owner's. */
  static KernelSet on(Driver driver, KernelLibrary library, CudaMemory memory, Products products) {
    Stream stream = driver.newStream();
    Device device = new Device(driver, stream, library, memory);
    LayoutTables layouts = new LayoutTables(device, memory);
    ElementKernels elements = new ElementKernels(device);
    return new KernelSet(
        stream,
        device,
        layouts,
        elements,
        new LookupKernels(device),
        new LinearKernels(device, products, elements),
        new NormKernels(device, layouts),
        new RotaryKernel(device, layouts, memory),
        new AttentionKernels(device, layouts, elements),
        new GateKernels(device, layouts),
        new DrawKernel(device, layouts, memory),
        new LossKernels(device, layouts),
        new OptimizerKernels(device));
  }

  @Override
  public void close() {
    device.driver().synchronize(stream);
    draw.close();
    rotary.close();
    layouts.close();
    device.close();
    stream.close();
  }
}
