package io.sedd.cuda.driver;

/** A kernel that can be launched by the driver that loaded it. */
public interface KernelFunction {

  String name();
}
