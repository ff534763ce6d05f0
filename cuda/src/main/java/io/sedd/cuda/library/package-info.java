/** Where CUDA's libraries are, and their functions as method handles. */
package io.sedd.cuda.library;
