package io.kindred.neural.tensor;

import io.kindred.KindredException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Starts libtorch, with the settings that it needs to be right and fast inside the JVM, and runs
 * work on a thread that suits it.
 *
 * <p>Settings, each for a reason (docs/decisions/0005-libtorch.md): oneDNN is off, because its
 * convolutions are silently wrong on some processors; NNPACK is off; OpenBLAS has one thread, so
 * that two pools do not fight; work that trains runs on a thread with a large stack.
 *
 * <p>The system property {@code kindred.device} names the device of training and scoring: {@code
 * cpu} (the default), {@code cuda} or {@code cuda:1}; the latter need CUDA's own libtorch natives
 * on the class path.
 */
public final class Torch {
  private static final long STACK_BYTES = 64L << 20;
  private static volatile boolean ready;
  private static boolean blasReady;
  private static @Nullable Device device;

  private Torch() {}

  /**
   * Loads the natives once.
   *
   * @throws KindredException if there are none for this platform, or the device is not there,
   *     saying what to do
   */
  public static void load() {
    if (ready) {
      return;
    }
    synchronized (Torch.class) {
      if (ready) {
        return;
      }
      loadBlas();
      try {
        torch.globalContext().setUserEnabledMkldnn(false);
        torch.globalContext().setUserEnabledNNPACK(false);
        device = chosenDevice();
      } catch (LinkageError e) {
        throw missing(e);
      }
      ready = true;
    }
  }

  /**
   * Loads OpenBLAS alone, once: a tenth of the time of libtorch, for what needs LAPACK only.
   *
   * @throws KindredException if there are no natives for this platform, saying what to do
   */
  private static void loadBlas() {
    synchronized (Torch.class) {
      if (blasReady) {
        return;
      }
      // JavaCPP reads it when its classes load: without it, it limits memory by collecting garbage.
      if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
        System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
      }
      nameFolderOfNatives();
      try {
        openblas.blas_set_num_threads(1);
      } catch (LinkageError e) {
        throw missing(e);
      }
      blasReady = true;
    }
  }

  /** JavaCPP unpacks natives into the home folder of Java, which may be none, written "?". */
  private static void nameFolderOfNatives() {
    String property = "org.bytedeco.javacpp.cachedir";
    if (System.getProperty(property) != null
        || Path.of(System.getProperty("user.home", "")).isAbsolute()) {
      return;
    }
    String home = System.getenv("HOME");
    if (home == null || !Path.of(home).isAbsolute()) {
      throw new KindredException(
          "neural models unpack native code into the home folder, and this user has none: set HOME");
    }
    System.setProperty(property, Path.of(home, ".javacpp", "cache").toString());
  }

  private static KindredException missing(LinkageError e) {
    return new KindredException(
        "neural models need libtorch, which cannot be loaded on "
            + platform()
            + ". It exists for linux-x86_64, macosx-arm64, macosx-x86_64 and windows-x86_64: on"
            + " one of these, put the jars org.bytedeco:pytorch, org.bytedeco:openblas and"
            + " org.bytedeco:javacpp with that classifier on the class path. All other"
            + " algorithms run without it. ("
            + e.getMessage()
            + ")",
        e);
  }

  private static String platform() {
    try {
      return Loader.getPlatform();
    } catch (LinkageError e) {
      return (System.getProperty("os.name") + "-" + System.getProperty("os.arch"))
          .toLowerCase(Locale.ROOT);
    }
  }

  private static @Nullable Device chosenDevice() {
    String name = System.getProperty("kindred.device", "cpu");
    if (name.equals("cpu")) {
      return null;
    }
    if (!name.matches("cuda(:[0-9]+)?")) {
      throw new KindredException(
          "the system property kindred.device must be cpu, cuda or cuda:N, got '" + name + "'");
    }
    if (!torch.cuda_is_available()) {
      throw new KindredException(
          "kindred.device is "
              + name
              + ", but libtorch finds no CUDA device; put org.bytedeco:pytorch with the classifier"
              + " linux-x86_64-gpu on the class path, or leave the property out");
    }
    return new Device(name).retainReference();
  }

  /** The device that tensors are made on, or {@code null} for the processor. */
  static @Nullable Device device() {
    return device;
  }

  /**
   * Runs work on a thread of its own with a large stack and waits for it; interrupting the waiting
   * thread interrupts the work.
   *
   * @param threads that libtorch may use for one operation, at least 1
   * @return what the work returned
   * @throws RuntimeException what the work threw
   */
  public static <T extends @Nullable Object> T call(int threads, Supplier<T> work) {
    load();
    return run(
        () -> {
          setThreads(threads);
          return work.get();
        });
  }

  /**
   * The same for work that needs LAPACK alone: libtorch is not loaded.
   *
   * @return what the work returned
   * @throws RuntimeException what the work threw
   */
  static <T extends @Nullable Object> T callBlas(Supplier<T> work) {
    loadBlas();
    return run(work);
  }

  private static <T extends @Nullable Object> T run(Supplier<T> work) {
    Job<T> job = new Job<>(work);
    Thread thread = thread(job, "kindred-torch");
    thread.start();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        thread.interrupt();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return job.result();
  }

  /** A daemon thread with a large stack: LAPACK overflows the usual one. */
  public static Thread thread(Runnable work, String name) {
    Thread thread = new Thread(null, work, name, STACK_BYTES);
    thread.setDaemon(true);
    return thread;
  }

  private static final class Job<T extends @Nullable Object> implements Runnable {
    private final Supplier<T> work;
    private @Nullable T value;
    private @Nullable Throwable failure;

    Job(Supplier<T> work) {
      this.work = work;
    }

    @Override
    public void run() {
      try {
        value = work.get();
      } catch (Throwable e) {
        failure = e;
      }
    }

    @SuppressWarnings("NullAway") // the value is what the work returned
    T result() {
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure instanceof KindredException known) {
        throw known;
      }
      if (failure instanceof RuntimeException e) {
        throw outOfMemory(e) ? notEnoughMemory(e) : e;
      }
      return value;
    }
  }

  private static boolean outOfMemory(RuntimeException e) {
    String text = String.valueOf(e.getMessage());
    return text.contains("alloc_cpu")
        || text.contains("can't allocate memory")
        || text.contains("CUDA out of memory");
  }

  private static KindredException notEnoughMemory(RuntimeException e) {
    String text = String.valueOf(e.getMessage());
    int end = text.indexOf('\n');
    return new KindredException(
        "out of native memory: "
            + (end < 0 ? text : text.substring(0, end))
            + "; a smaller batchSize, fewer dimensions or sampled negatives need less",
        e);
  }

  /** How many threads libtorch uses for what the calling thread asks for. */
  public static void setThreads(int threads) {
    load();
    if (torch.get_num_threads() != threads) {
      torch.set_num_threads(threads);
    }
  }

  /** How many threads libtorch uses for what the calling thread asks for. */
  public static int threads() {
    load();
    return torch.get_num_threads();
  }
}
