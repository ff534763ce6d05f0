package io.sedd.checkpoint.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The server's storage, which notes what is read and may break off in the middle of it. */
final class FaultyBlobStore extends ForwardingBlobStore {

  private final List<String> reads = new CopyOnWriteArrayList<>();
  private volatile long breakAfter = Long.MAX_VALUE;

  FaultyBlobStore(BlobStore blobStore) {
    super(blobStore);
  }

  /** The next read of an object that is longer breaks off after so many bytes. */
  void breakOnceAfter(long bytes) {
    breakAfter = bytes;
  }

  /** Keys that were read, with their range where there was one. */
  List<String> reads() {
    return reads;
  }

  @Override
  public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
    reads.add(request.range() == null ? request.key() : request.key() + " " + request.range());
    ResponseInputStream<GetObjectResponse> in = super.getBlob(request);
    if (in.response().contentLength() <= breakAfter) {
      return in;
    }
    long whole = breakAfter;
    breakAfter = Long.MAX_VALUE;
    return new ResponseInputStream<>(in.response(), new Breaking(in, whole));
  }

  private static final class Breaking extends FilterInputStream {
    private long left;

    Breaking(InputStream in, long left) {
      super(in);
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        throw new IOException("the server's disk broke");
      }
      int count = super.read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(0, count);
      return count;
    }
  }
}
