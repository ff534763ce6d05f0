package io.sedd.protocol.client;

/** The client was closed before the job's result came. The job itself goes on. */
public final class ClientClosedException extends SeddClientException {

  private static final long serialVersionUID = 1;

  ClientClosedException() {
    super("the client was closed; jobs that were sent go on, and their results stay in the topic");
  }
}
