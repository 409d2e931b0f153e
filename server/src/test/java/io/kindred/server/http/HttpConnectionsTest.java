package io.kindred.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.Test;

class HttpConnectionsTest {
  private static final String BROKEN = "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n";

  /**
   * The thread that read a broken request is held until another one reads from its connection, as
   * happens by chance on a busy machine: neither may use a buffer that the other has given back.
   */
  @Test
  void brokenRequest_slowReader_noBufferIsUsedAfterItIsGivenBack() throws Exception {
    Meeting meeting = new Meeting();
    Server server = new Server(new MeetingThreads(meeting));
    ServerConnector connector =
        new ServerConnector(
            server,
            null,
            null,
            new WatchedPool(meeting),
            1,
            1,
            new HttpConnections(new HttpConfiguration()));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            callback.succeeded();
            return true;
          }
        });
    server.start();
    try {
      for (int i = 0; i < 3; i++) {
        meeting.begin();
        try (Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
          socket.setSoTimeout(20_000);
          socket.getOutputStream().write(BROKEN.getBytes(StandardCharsets.US_ASCII));
          assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
              .isEqualTo("HTTP/1.1 400");
          write(socket, "GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n");
          socket.getInputStream().readAllBytes();
        } catch (IOException e) {
          // the second request came too late
        }
        meeting.end();
      }
    } finally {
      server.stop();
    }
    assertThat(meeting.held).hasValue(3);
    assertThat(meeting.usedAfterRelease).isEmpty();
  }

  @Test
  void manyIdleConnections_theOldestMakeRoom() throws Exception {
    Server server = new Server();
    HttpConnections connections = new HttpConnections(new HttpConfiguration(), 100);
    ServerConnector connector = new ServerConnector(server, connections);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            callback.succeeded();
            return true;
          }
        });
    server.start();
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 400; i++) {
        idle.add(new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort()));
        if (i % 50 == 0) { // as those before were accepted
          answer(connector.getLocalPort());
        }
      }
      answer(connector.getLocalPort());
      assertThat(connections.count()).isLessThan(120);
      assertThat(idle.get(0).getInputStream().read()).isEqualTo(-1);
    } finally {
      for (Socket one : idle) {
        one.close();
      }
      server.stop();
    }
  }

  private static void answer(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      write(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 200");
    }
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Brings two threads together that should not meet. */
  private static final class Meeting {
    private static final long PATIENCE_MILLIS = 300;

    final List<String> usedAfterRelease = new CopyOnWriteArrayList<>();
    final AtomicInteger held = new AtomicInteger();
    private volatile Thread reader;
    private volatile CountDownLatch arrived = new CountDownLatch(0);
    private volatile CountDownLatch givenBack = new CountDownLatch(0);

    void begin() {
      arrived = new CountDownLatch(1);
      givenBack = new CountDownLatch(1);
      reader = null;
    }

    void end() {
      arrived.countDown();
      givenBack.countDown();
    }

    /** In the thread that read the broken request, after its answer was given to another one. */
    void holdReader() {
      await(arrived);
      held.incrementAndGet();
    }

    /** In any thread that takes hold of a request buffer of the reader. */
    void use(Thread acquiredBy) {
      Thread here = Thread.currentThread();
      if (acquiredBy == reader && here != reader) {
        arrived.countDown();
        await(givenBack);
      }
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final class MeetingThreads extends QueuedThreadPool {
    private final Meeting meeting;

    MeetingThreads(Meeting meeting) {
      this.meeting = meeting;
    }

    @Override
    public boolean tryExecute(Runnable task) {
      boolean answersBrokenRequest =
          StackWalker.getInstance()
              .walk(frames -> frames.anyMatch(one -> one.getMethodName().equals("badMessage")));
      if (!answersBrokenRequest) {
        return super.tryExecute(task);
      }
      meeting.reader = Thread.currentThread();
      execute(task);
      meeting.holdReader();
      return true;
    }
  }

  /** Buffers that say who uses them after they went back to the pool. */
  private static final class WatchedPool extends ByteBufferPool.Wrapper {
    private final Meeting meeting;

    WatchedPool(Meeting meeting) {
      super(new ArrayByteBufferPool());
      this.meeting = meeting;
    }

    @Override
    public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
      Thread acquiredBy = Thread.currentThread();
      return new RetainableByteBuffer.Wrapper(super.acquire(size, direct)) {
        private volatile boolean released;

        @Override
        public ByteBuffer getByteBuffer() {
          ByteBuffer buffer = super.getByteBuffer();
          meeting.use(acquiredBy);
          if (released) {
            meeting.usedAfterRelease.add(Thread.currentThread().getName());
          }
          return buffer;
        }

        @Override
        public boolean release() {
          if (released) {
            meeting.usedAfterRelease.add(Thread.currentThread().getName() + " gives it back again");
          }
          boolean last = super.release();
          if (last) {
            released = true;
            if (Thread.currentThread() == meeting.reader) {
              meeting.givenBack.countDown();
            }
          }
          return last;
        }
      };
    }
  }
}
