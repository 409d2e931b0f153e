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
  private final ReadingNotes said = new ReadingNotes();
  private boolean several;

  private final Vocabulary.Builder users = Vocabulary.builder();
  private final Vocabulary.Builder items = Vocabulary.builder();
  private final Interactions.Builder builder = Interactions.builder();

  InteractionReader(ReadOptions options, BadRows badRows) {
    this.options = options;
    this.badRows = badRows;
    this.exact = new InteractionSink(options);
  }

  /**
   * What was found in a file.
   *
   * @param timeForm in which form the times are, "" where there are none
   * @param ranges from where to where values and times go
   */
  record Found(long rows, String timeForm, Ranges ranges) {}

  /** Files may have no rows from now on: there are several. */
  void ofSeveral() {
    several = true;
  }

  /** Reads a table; the reader of the file stands behind the header, if there is one. */
  Found readTable(TextFile file, TableShape shape) {
    Found fast = readParallel(file, shape);
    if (fast != null) {
      return fast;
    }
    ColumnRoles roles = shape.roles();
    long rows = 0;
    long size = sizeOf(file);
    try (DelimitedReader reader = file.reader(shape.dialect())) {
      if (shape.header()) {
        reader.next();
      }
      while (reader.next()) {
        switch (exact.add(reader, roles)) {
          case TAKEN -> rows++;
          case BAD -> badRows.add(exact.bad(file.name(), reader.line()));
          case LEFT_OUT -> {}
        }
        if ((rows & 0x3ffff) == 0) {
          options.progress().onProgress("reading", reader.consumed(), file.gzip() ? -1 : size, "");
        }
      }
      exact.counts().marks += reader.marks();
      exact.counts().comments += reader.commentLines();
      said.noteOfSpanning(file.name(), reader);
    }
    return finish(file.name(), rows, roles);
  }

  /** Reads one line a user. */
  Found readSequences(TextFile file) {
    long rows = 0;
    long lines = 0;
    try (DelimitedReader reader = file.reader(Dialect.WHITESPACE)) {
      while (reader.next()) {
        if (exact.addSequence(reader) == InteractionSink.Outcome.TAKEN) {
          rows += reader.fields() - 1;
        } else {
          badRows.add(exact.bad(file.name(), reader.line()));
        }
        if ((++lines & 0xfff) == 0) {
          options.progress().onProgress("reading", reader.consumed(), -1, "");
        }
      }
      exact.counts().marks += reader.marks();
      exact.counts().comments += reader.commentLines();
      said.noteOfSpanning(file.name(), reader);
    }
    return finish(file.name(), rows, null);
  }

  /** The sink for rows of a source that is no text; {@link #finish} ends it. */
  InteractionSink sink() {
    return exact;
  }

  /** Forgets what went to {@link #sink} since the last {@link #finish}. */
  void discard() {
    exact.takeBlocks();
    exact.counts().clear();
    exact.times().clear();
  }

  BadRows badRows() {
    return badRows;
  }

  /** What a person should know of the reading. */
  ReadingNotes said() {
    return said;
  }

  /**
   * Ends the rows of a source that went to {@link #sink}.
   *
   * @param roles {@code null} for lines of items
   */
  Found finish(String file, long rows, @Nullable ColumnRoles roles) {
    if (rows == 0 && !several) {
      throw nothing(file);
    }
    boolean timed = roles != null && roles.time() >= 0;
    if (timed && exact.times().isMixed()) {
      throw mixed(file, exact.times());
    }
    String timeForm = timed ? exact.times().display() : "";
    exact.times().clear();
    said.noteOf(exact.counts());
    exact.counts().clear();
    return add(exact.takeBlocks(), rows, timeForm, roles);
  }

  private Found add(
      List<InteractionSink.Block> blocks, long rows, String timeForm, @Nullable ColumnRoles roles) {
    parts.add(blocks);
    Ranges ranges = Ranges.of(blocks);
    if (roles != null && roles.value() >= 0) {
      said.warnOfSentinels(roles.names().get(roles.value()), blocks);
    }
    if (roles != null && roles.time() >= 0 && rows > 0) {
      said.warnOfTimes(roles.names().get(roles.time()), ranges);
    }
    return new Found(rows, timeForm, ranges);
  }

  /** What is thrown where a source has no rows that can be taken. */
  KindredException nothing(String file) {
    long left = exact.counts().missing.values().stream().mapToLong(Long::longValue).sum();
    return new KindredException(
        file
            + " has no rows of interactions"
            + (badRows.count() > 0
                ? "; all " + badRows.count() + " are bad, the first is " + badRows.examples().get(0)
                : left > 0
                    ? "; all " + left + " have a value that means no rating (--missing)"
                    : " below its header"));
  }

  /** Throws where all files together had no rows. */
  void checkAny(String source) {
    if (parts.stream().allMatch(List::isEmpty)) {
      throw nothing(source);
    }
  }

  private static KindredException mixed(String file, TimeParser times) {
    return new KindredException(
        file
            + ": times of different forms: "
            + times.displayPlaces()
            + "; all must be in one (or say the unit: --time-unit)");
  }

  /** Every thread reads chunks; {@code null} if the file is small or needs the exact way. */
  private @Nullable Found readParallel(TextFile file, TableShape shape) {
    Dialect dialect = shape.dialect();
    ColumnRoles roles = shape.roles();
    long size = sizeOf(file);
    if (!file.isPlain() || options.threads() == 1 || size < PARALLEL_FROM) {
      return null;
    }
    long begin;
    try (DelimitedReader reader = file.headReader(dialect)) {
      if (shape.header()) {
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
            InteractionSink sink = new InteractionSink(options);
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
    InteractionSink.Counts counts = new InteractionSink.Counts();
    for (InteractionSink sink : sinks) {
      times.merge(sink.times());
      counts.addAll(sink.counts());
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
    said.noteOf(counts);
    return add(all, rows, roles.time() >= 0 ? times.display() : "", roles);
  }

  private static void readChunk(
      Chunk chunk, String file, Dialect dialect, ColumnRoles roles, InteractionSink sink) {
    if (dialect.quote() != 0) {
      for (int p = chunk.from; p < chunk.to; p++) {
        if (chunk.bytes[p] == dialect.quote()) {
          throw new NeedsExactWay();
        }
      }
    }
    DelimitedReader reader = new DelimitedReader(file, chunk.bytes, chunk.from, chunk.to, dialect);
    while (reader.next()) {
      if (sink.add(reader, roles) == InteractionSink.Outcome.BAD) {
        throw new NeedsExactWay();
      }
    }
    sink.counts().marks += reader.marks();
    sink.counts().comments += reader.commentLines();
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
