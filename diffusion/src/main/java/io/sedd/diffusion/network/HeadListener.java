package io.sedd.diffusion.network;

/** Told when an evaluation turns from the blocks to the output layer, so that each can be timed. */
@FunctionalInterface
public interface HeadListener {

  /** Tells nobody. */
  HeadListener NONE = () -> {};

  /** Final norm and vocabulary projection begin. */
  void headBegins();
}
