package io.kindred.ingest;

import io.kindred.KindredException;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.sparse.Parallel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/*
 * Text is read in one of two ways that give the same result.
 *
 * The exact way is one thread that walks through the file and knows the line of every record. The fast way cuts a large plain file into
 * chunks at line ends and gives them to all threads. A line end inside quotes would be cut wrongly, so the fast way gives up at the first
 * quote character, and it gives up at the first bad row too: the exact way then starts from the beginning and finds the place.
 *
 * Each thread has its own vocabulary. When all rows are there, they are walked through once in the order of the file, and the threads' codes
 * become indexes in the order of first appearance: the result does not depend on the number of threads.
 */
/** Reads interactions of any number of files into one index space. Not thread-safe. */
final class InteractionReader {
  private static final int CHUNK = 4 << 20;
  private static final int PARALLEL_FROM = 8 << 20;

  private final ReadOptions options;
  private final BadRows badRows;
  private final InteractionSink exact;
  private final List<List<InteractionSink.Block>> parts = new ArrayList<>();

  private final Vocabulary.Builder users = Vocabulary.builder();
  private final Vocabulary.Builder items = Vocabulary.builder();
  private final Interactions.Builder builder = Interactions.builder();

  InteractionReader(ReadOptions options, BadRows badRows) {
    this.options = options;
    this.badRows = badRows;
    this.exact = new InteractionSink(options.timeUnit());
  }

  /** What was found in a file. */
  record Found(long rows, boolean timed, String timeForm) {}

  /** Reads a table; the reader of the file stands behind the header, if there is one. */
  Found readTable(TextFile file, Dialect dialect, ColumnRoles roles, boolean header) {
    Found fast = readParallel(file, dialect, roles, header);
    if (fast != null) {
      return fast;
    }
    long rows = 0;
    long size = sizeOf(file);
    try (DelimitedReader reader = file.reader(dialect)) {
      if (header) {
        reader.next();
      }
      while (reader.next()) {
        if (exact.add(reader, roles)) {
          rows++;
        } else {
          badRows.add(exact.bad(file.name(), reader.line()));
        }
        if ((rows & 0x3ffff) == 0) {
          options.progress().onProgress("reading", reader.consumed(), file.gzip() ? -1 : size, "");
        }
      }
    }
    return finish(file.name(), rows, roles.time() >= 0);
  }

  /** Reads one line a user. */
  Found readSequences(TextFile file) {
    long rows = 0;
    long lines = 0;
    try (DelimitedReader reader = file.reader(Dialect.WHITESPACE)) {
      while (reader.next()) {
        if (exact.addSequence(reader)) {
          rows += reader.fields() - 1;
        } else {
          badRows.add(exact.bad(file.name(), reader.line()));
        }
        if ((++lines & 0xfff) == 0) {
          options.progress().onProgress("reading", reader.consumed(), -1, "");
        }
      }
    }
    return finish(file.name(), rows, false);
  }

  /** The sink for rows of a source that is no text; {@link #finishSource} ends it. */
  InteractionSink sink() {
    return exact;
  }

  BadRows badRows() {
    return badRows;
  }

  /** Ends the rows that went to {@link #sink}. */
  Found finishSource(String source, long rows, boolean timed) {
    return finish(source, rows, timed);
  }

  private Found finish(String file, long rows, boolean timed) {
    if (rows == 0) {
      throw new KindredException(
          file
              + " has no rows of interactions"
              + (badRows.count() > 0
                  ? "; all "
                      + badRows.count()
                      + " are bad, the first is "
                      + badRows.examples().get(0)
                  : " below its header"));
    }
    if (timed && exact.times().isMixed()) {
      throw mixed(file, exact.times());
    }
    parts.add(exact.takeBlocks());
    return new Found(rows, timed, timed ? exact.times().display() : "");
  }

  private static KindredException mixed(String file, TimeParser times) {
    return new KindredException(
        file
            + ": times of different forms: "
            + times.displayPlaces()
            + "; all must be in one (or say the unit: --time-unit)");
  }

  /** Every thread reads chunks; {@code null} if the file is small or needs the exact way. */
  private @Nullable Found readParallel(
      TextFile file, Dialect dialect, ColumnRoles roles, boolean header) {
    long size = sizeOf(file);
    if (file.gzip() || options.threads() == 1 || size < PARALLEL_FROM) {
      return null;
    }
    long begin;
    try (DelimitedReader reader = file.headReader(dialect)) {
      if (header) {
        reader.next();
      }
      begin = reader.consumed();
    }
    int chunks = Math.toIntExact((size - begin + CHUNK - 1) / CHUNK);
    List<List<InteractionSink.Block>> blocks = new ArrayList<>();
    for (int c = 0; c < chunks; c++) {
      blocks.add(List.of());
    }
    List<InteractionSink> sinks = new ArrayList<>();
    AtomicLong done = new AtomicLong();
    try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ)) {
      Parallel.forBlocks(
          options.threads(),
          chunks,
          1,
          () -> {
            InteractionSink sink = new InteractionSink(options.timeUnit());
            synchronized (sinks) {
              sinks.add(sink);
            }
            Chunk chunk = new Chunk(file.name(), channel);
            return (from, to) -> {
              for (int c = from; c < to; c++) {
                long start = begin + (long) c * CHUNK;
                chunk.load(start, Math.min(size, start + CHUNK), c == 0);
                readChunk(chunk, file.name(), dialect, roles, sink);
                blocks.set(c, sink.takeBlocks());
                long soFar = done.addAndGet(CHUNK);
                synchronized (done) {
                  options.progress().onProgress("reading", Math.min(size, soFar), size, "");
                }
              }
            };
          });
    } catch (NeedsExactWay e) {
      return null;
    } catch (IOException e) {
      throw Failures.reading(file.name(), e);
    }
    TimeParser times = new TimeParser(options.timeUnit());
    for (InteractionSink sink : sinks) {
      times.merge(sink.times());
    }
    if (roles.time() >= 0 && times.isMixed()) {
      return null;
    }
    List<InteractionSink.Block> all = new ArrayList<>();
    blocks.forEach(all::addAll);
    long rows = all.stream().mapToLong(InteractionSink.Block::size).sum();
    if (rows == 0) {
      return null;
    }
    parts.add(all);
    return new Found(rows, roles.time() >= 0, roles.time() >= 0 ? times.display() : "");
  }

  private static void readChunk(
      Chunk chunk, String file, Dialect dialect, ColumnRoles roles, InteractionSink sink) {
    if (dialect.quoting()) {
      for (int p = chunk.from; p < chunk.to; p++) {
        if (chunk.bytes[p] == '"') {
          throw new NeedsExactWay();
        }
      }
    }
    DelimitedReader reader = new DelimitedReader(file, chunk.bytes, chunk.from, chunk.to, dialect);
    while (reader.next()) {
      if (!sink.add(reader, roles)) {
        throw new NeedsExactWay();
      }
    }
    sink.flush(chunk.bytes, roles);
  }

  private static final class NeedsExactWay extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NeedsExactWay() {
      super(null, null, false, false);
    }
  }

  /** A piece of a file, widened to whole lines. */
  private static final class Chunk {
    private final String file;
    private final FileChannel channel;
    private byte[] bytes = new byte[CHUNK + (1 << 16)];
    private int from;
    private int to;

    Chunk(String file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }

    /** Loads the lines that begin at or after {@code start} and before {@code end}. */
    void load(long start, long end, boolean first) {
      try {
        long loadFrom = first ? start : start - 1;
        int length = read(loadFrom, 0, (int) (end - loadFrom));
        from = 0;
        if (!first) {
          while (from < length && bytes[from] != '\n') {
            from++;
          }
          from = Math.min(length, from + 1);
        }
        if (from == length && !first && bytes[length - 1] != '\n') {
          to = from; // a line that began earlier and ends later
          return;
        }
        to = length;
        while (bytes[to - 1] != '\n') {
          if (to == length) {
            int more = read(loadFrom + length, length, 1 << 12);
            if (more == 0) {
              return;
            }
            length += more;
          }
          to++;
        }
      } catch (IOException e) {
        throw Failures.reading(file, e);
      }
    }

    private int read(long position, int at, int count) throws IOException {
      if (at + count > DelimitedReader.MAX_RECORD) {
        throw new NeedsExactWay();
      }
      if (at + count > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(at + count, bytes.length * 2));
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes, at, count);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, position + buffer.position() - at) < 0) {
          break;
        }
      }
      return buffer.position() - at;
    }
  }

  private static long sizeOf(TextFile file) {
    try {
      return Files.size(file.path());
    } catch (IOException e) {
      throw Failures.reading(file.name(), e);
    }
  }

  /**
   * Gives every id its index, in the order of first appearance over all files. Call once, after all
   * were read.
   */
  void index() {
    IdentityHashMap<InteractionSink, Codes> codes = new IdentityHashMap<>();
    int rows = parts.stream().flatMap(List::stream).mapToInt(InteractionSink.Block::size).sum();
    builder.reserve(rows);
    for (List<InteractionSink.Block> part : parts) {
      for (InteractionSink.Block block : part) {
        Codes own = codes.computeIfAbsent(block.owner(), Codes::new);
        for (int row = 0; row < block.size(); row++) {
          int user = own.user(block.user(row), users);
          int item = own.item(block.item(row), items);
          float value = block.value(row);
          if (block.isTyped()) {
            String type = own.types.get(block.type(row));
            if (block.isTimed()) {
              builder.add(user, item, value, block.millis(row), type);
            } else {
              builder.add(user, item, value, type);
            }
          } else if (block.isTimed()) {
            builder.add(user, item, value, block.millis(row));
          } else {
            builder.add(user, item, value);
          }
        }
      }
    }
    parts.clear();
    options.progress().onProgress("reading", rows, rows, "");
  }

  /** From the codes of a sink to the indexes of all. */
  private static final class Codes {
    private final Vocabulary ownUsers;
    private final Vocabulary ownItems;
    private final List<String> types;
    private final int[] userIndexes;
    private final int[] itemIndexes;

    Codes(InteractionSink sink) {
      ownUsers = sink.users().build();
      ownItems = sink.items().build();
      types = List.copyOf(sink.types().build().ids());
      userIndexes = new int[ownUsers.size()];
      itemIndexes = new int[ownItems.size()];
      Arrays.fill(userIndexes, -1);
      Arrays.fill(itemIndexes, -1);
    }

    int user(int code, Vocabulary.Builder users) {
      int index = userIndexes[code];
      if (index < 0) {
        byte[] id = ownUsers.utf8(code);
        index = users.add(id, 0, id.length);
        userIndexes[code] = index;
      }
      return index;
    }

    int item(int code, Vocabulary.Builder items) {
      int index = itemIndexes[code];
      if (index < 0) {
        byte[] id = ownItems.utf8(code);
        index = items.add(id, 0, id.length);
        itemIndexes[code] = index;
      }
      return index;
    }
  }

  /** The users so far; after {@link #index}. */
  Vocabulary.Builder users() {
    return users;
  }

  /** The items so far; after {@link #index}. */
  Vocabulary.Builder items() {
    return items;
  }

  /** The interactions of all files; after {@link #index} and all additions to the vocabularies. */
  Interactions build() {
    return builder.build(users.size(), items.size(), options.threads());
  }
}
