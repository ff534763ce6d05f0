package io.sedd.launcher.bench;

import io.sedd.diffusion.backend.RowLayout;
import io.sedd.diffusion.network.NetworkInput;
import io.sedd.diffusion.network.NetworkShape;

/**
 * Floating point operations of the matrix products, a multiplication and an addition being two.
 * What a shape needs, not what a backend makes of it: recomputation counts nothing, nor do norms,
 * activations, the modulation of the few sequences and the draw.
 *
 * <pre>
 *   blocks     2 · 12 h² · n · R         (W_qkv 3h², W_out h², MLP 8h²)
 *   attention  4 h · n · sum of L²       (q kᵀ and the mix of v)
 *   head       2 h V · W
 * </pre>
 *
 * <p>h hidden size, n blocks, R rows, L length of each sequence, V states, W wanted rows. Training
 * is three times that: each product has two more in the backward.
 *
 * @param shape of the network
 */
record Flops(NetworkShape shape) {

  double blocks(int rows) {
    return 24.0 * shape.hidden() * shape.hidden() * shape.blocks() * rows;
  }

  double attention(RowLayout layout) {
    double squares = 0;
    for (int s = 0; s < layout.sequences(); s++) {
      squares += (double) layout.length(s) * layout.length(s);
    }
    return 4.0 * shape.hidden() * shape.blocks() * squares;
  }

  double head(int wanted) {
    return 2.0 * shape.hidden() * shape.states() * wanted;
  }

  /** One evaluation. */
  double forward(NetworkInput input) {
    return blocks(input.layout().rows()) + attention(input.layout()) + head(input.wanted().length);
  }

  /** Forward and backward. */
  double training(NetworkInput input) {
    return 3 * forward(input);
  }
}
