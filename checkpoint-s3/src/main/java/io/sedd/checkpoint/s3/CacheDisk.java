package io.sedd.checkpoint.s3;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The disk under a cache: the seam at which a test makes it full. */
interface CacheDisk {

  /** The machine's own. */
  CacheDisk REAL =
      new CacheDisk() {
        @Override
        public long usableBytes(Path folder) throws IOException {
          return Files.getFileStore(folder).getUsableSpace();
        }

        @Override
        public OutputStream append(Path file) throws IOException {
          return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
      };

  /** Bytes that can still be written below a folder, as far as one can tell. */
  long usableBytes(Path folder) throws IOException;

  /** Writes to the end of a file, which is made if it is not there. */
  OutputStream append(Path file) throws IOException;
}
