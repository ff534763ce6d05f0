/** Training curves as event files, which TensorBoard and most experiment trackers read. */
package io.sedd.trainer.tensorboard;
