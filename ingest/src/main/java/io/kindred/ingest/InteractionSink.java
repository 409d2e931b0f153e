package io.kindred.ingest;

import io.kindred.data.Vocabulary;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the rows of interactions of one thread: turns ids into the thread's own dense codes and
 * keeps everything else as numbers, in blocks that are put together later. Not thread-safe.
 */
final class InteractionSink {
  private static final String EXPECTED_VALUE = "a finite number such as 4.5";
  private static final String EXPECTED_ID =
      "an id of at least one character, valid UTF-8 without NUL";
  private static final int MAX_TYPES = 256;

  /** Rows in the order of the file; ids and types are codes of the sink that made them. */
  static final class Block {
    private final InteractionSink owner;
    private int[] users;
    private int[] items;
    private float[] values;
    private long @Nullable [] millis;
    private byte @Nullable [] types;
    private int size;

    private Block(InteractionSink owner, int capacity, boolean timed, boolean typed) {
      this.owner = owner;
      users = new int[capacity];
      items = new int[capacity];
      values = new float[capacity];
      millis = timed ? new long[capacity] : null;
      types = typed ? new byte[capacity] : null;
    }

    InteractionSink owner() {
      return owner;
    }

    int size() {
      return size;
    }

    int user(int row) {
      return users[row];
    }

    int item(int row) {
      return items[row];
    }

    float value(int row) {
      return values[row];
    }

    boolean isTimed() {
      return millis != null;
    }

    long millis(int row) {
      return millis == null ? 0 : millis[row];
    }

    boolean isTyped() {
      return types != null;
    }

    int type(int row) {
      return types == null ? -1 : types[row] & 0xff;
    }

    private void append(int user, int item, float value, long time, int type) {
      if (size == users.length) {
        int capacity = size + (size >> 1);
        users = Arrays.copyOf(users, capacity);
        items = Arrays.copyOf(items, capacity);
        values = Arrays.copyOf(values, capacity);
        millis = millis == null ? null : Arrays.copyOf(millis, capacity);
        types = types == null ? null : Arrays.copyOf(types, capacity);
      }
      users[size] = user;
      items[size] = item;
      values[size] = value;
      if (millis != null) {
        millis[size] = time;
      }
      if (types != null) {
        types[size] = (byte) type;
      }
      size++;
    }
  }

  /** A time that is known to be in epoch milliseconds. */
  record Millis(long value) {}

  private static final int BLOCK = 1 << 18;
  private static final int STAGE = 128;

  private final Vocabulary.Builder users = Vocabulary.builder();
  private final Vocabulary.Builder items = Vocabulary.builder();
  private final Vocabulary.Builder types = Vocabulary.builder();
  private final TimeParser times;
  private List<Block> blocks = new ArrayList<>();
  private @Nullable Block open;

  private final int[] userFrom = new int[STAGE];
  private final int[] userTo = new int[STAGE];
  private final int[] itemFrom = new int[STAGE];
  private final int[] itemTo = new int[STAGE];
  private final float[] stagedValues = new float[STAGE];
  private final long[] stagedTimes = new long[STAGE];
  private final int[] stagedTypes = new int[STAGE];
  private final int[] stagedUsers = new int[STAGE];
  private final int[] stagedItems = new int[STAGE];
  private int staged;

  private String badColumn = "";
  private String badValue = "";
  private String badExpected = "";

  InteractionSink(@Nullable TimeUnit timeUnit) {
    times = new TimeParser(timeUnit);
  }

  Vocabulary.Builder users() {
    return users;
  }

  Vocabulary.Builder items() {
    return items;
  }

  Vocabulary.Builder types() {
    return types;
  }

  TimeParser times() {
    return times;
  }

  /** Gives the blocks away that were filled since the last call. */
  List<Block> takeBlocks() {
    List<Block> taken = blocks;
    blocks = new ArrayList<>();
    open = null;
    return taken;
  }

  /**
   * Takes the record on which the reader stands, at the next {@link #flush} at the latest; false if
   * it is bad, and {@link #bad} then says why.
   */
  boolean add(DelimitedReader record, ColumnRoles roles) {
    String problem = record.problem();
    if (problem != null) {
      return refuse("", problem, "a quoted field between two delimiters, quotes inside it doubled");
    }
    if (record.fields() != roles.width()) {
      return refuse(
          "",
          record.fields() == 1 ? "1 field" : record.fields() + " fields",
          roles.width() + " (" + String.join(", ", roles.names()) + ")");
    }
    byte[] bytes = record.bytes();
    if (!isId(bytes, record.from(roles.user()), record.to(roles.user()))) {
      return refuse(roles, roles.user(), record, EXPECTED_ID);
    }
    if (!isId(bytes, record.from(roles.item()), record.to(roles.item()))) {
      return refuse(roles, roles.item(), record, EXPECTED_ID);
    }
    float value = 1;
    if (roles.value() >= 0) {
      value = (float) Numbers.parse(bytes, record.from(roles.value()), record.to(roles.value()));
      if (!Float.isFinite(value)) {
        return refuse(roles, roles.value(), record, EXPECTED_VALUE);
      }
    }
    long time = 0;
    if (roles.time() >= 0) {
      time = times.parse(bytes, record.from(roles.time()), record.to(roles.time()), record.line());
      if (time == TimeParser.BAD) {
        return refuse(roles, roles.time(), record, TimeParser.EXPECTED);
      }
    }
    int type = -1;
    if (roles.type() >= 0) {
      int from = record.from(roles.type());
      if (!isId(bytes, from, record.to(roles.type()))) {
        return refuse(roles, roles.type(), record, "the name of an event type");
      }
      type = types.add(bytes, from, record.to(roles.type()) - from);
      if (type >= MAX_TYPES) {
        return refuse(roles, roles.type(), record, "at most " + MAX_TYPES + " event types");
      }
    }
    int row = staged++;
    userFrom[row] = record.from(roles.user());
    userTo[row] = record.to(roles.user());
    itemFrom[row] = record.from(roles.item());
    itemTo[row] = record.to(roles.item());
    stagedValues[row] = value;
    stagedTimes[row] = time;
    stagedTypes[row] = type;
    if (staged == STAGE || !record.isStable()) {
      flush(bytes, roles);
    }
    return true;
  }

  /** Takes the rows that wait for their ids to be looked up together. */
  void flush(byte[] bytes, ColumnRoles roles) {
    users.addAll(bytes, userFrom, userTo, staged, stagedUsers);
    items.addAll(bytes, itemFrom, itemTo, staged, stagedItems);
    for (int row = 0; row < staged; row++) {
      block(roles.time() >= 0, roles.type() >= 0)
          .append(
              stagedUsers[row],
              stagedItems[row],
              stagedValues[row],
              stagedTimes[row],
              stagedTypes[row]);
    }
    staged = 0;
  }

  /**
   * Takes a row of a source that has types of its own; {@code null} is a missing value. False if it
   * is bad.
   */
  boolean add(
      ColumnRoles roles,
      @Nullable String user,
      @Nullable String item,
      @Nullable Double value,
      @Nullable Object time,
      @Nullable String type,
      long row) {
    byte[] userId = user == null ? new byte[0] : user.getBytes(StandardCharsets.UTF_8);
    byte[] itemId = item == null ? new byte[0] : item.getBytes(StandardCharsets.UTF_8);
    if (!isId(userId, 0, userId.length)) {
      return refuse(roles.names().get(roles.user()), user, EXPECTED_ID);
    }
    if (!isId(itemId, 0, itemId.length)) {
      return refuse(roles.names().get(roles.item()), item, EXPECTED_ID);
    }
    float number = value == null ? Float.NaN : value.floatValue();
    if (roles.value() >= 0 && !Float.isFinite(number)) {
      return refuse(roles.names().get(roles.value()), value, EXPECTED_VALUE);
    }
    long millis = 0;
    if (roles.time() >= 0) {
      if (time instanceof Millis exact) {
        millis = exact.value();
      } else {
        byte[] text = String.valueOf(time).getBytes(StandardCharsets.UTF_8);
        millis = time == null ? TimeParser.BAD : times.parse(text, 0, text.length, row);
      }
      if (millis < 0) {
        return refuse(roles.names().get(roles.time()), time, TimeParser.EXPECTED);
      }
    }
    int kind = -1;
    if (roles.type() >= 0) {
      kind = type == null ? MAX_TYPES : types.add(type);
      if (kind >= MAX_TYPES) {
        return refuse(
            roles.names().get(roles.type()), type, "one of at most " + MAX_TYPES + " event types");
      }
    }
    block(roles.time() >= 0, roles.type() >= 0)
        .append(
            users.add(userId, 0, userId.length),
            items.add(itemId, 0, itemId.length),
            roles.value() >= 0 ? number : 1f,
            millis,
            kind);
    return true;
  }

  /** Takes a line "user item item ..."; false if it is bad. */
  boolean addSequence(DelimitedReader record) {
    byte[] bytes = record.bytes();
    for (int field = 0; field < record.fields(); field++) {
      if (!isId(bytes, record.from(field), record.to(field))) {
        return refuse(field == 0 ? "user" : "item " + field, record.text(field), EXPECTED_ID);
      }
    }
    int user = users.add(bytes, record.from(0), record.to(0) - record.from(0));
    for (int field = 1; field < record.fields(); field++) {
      int item = items.add(bytes, record.from(field), record.to(field) - record.from(field));
      block(false, false).append(user, item, 1f, 0, -1);
    }
    return true;
  }

  /** The row that was refused last. */
  BadRow bad(String file, long line) {
    return new BadRow(file, line, badColumn, badValue, badExpected);
  }

  private Block block(boolean timed, boolean typed) {
    Block block = open;
    if (block == null || block.size >= BLOCK) {
      block = new Block(this, block == null ? 1 << 12 : BLOCK, timed, typed);
      blocks.add(block);
      open = block;
    }
    return block;
  }

  private boolean refuse(ColumnRoles roles, int column, DelimitedReader record, String expected) {
    return refuse(roles.names().get(column), record.text(column), expected);
  }

  private boolean refuse(String column, @Nullable Object value, String expected) {
    badColumn = column;
    badValue = value == null ? "" : value.toString();
    badExpected = expected;
    return false;
  }

  /** Whether bytes may be an id: not empty, UTF-8, no NUL. */
  static boolean isId(byte[] bytes, int from, int to) {
    return from < to && isUtf8(bytes, from, to);
  }

  /** Whether bytes are UTF-8 text without NUL. */
  static boolean isUtf8(byte[] bytes, int from, int to) {
    for (int p = from; p < to; p++) {
      if (bytes[p] <= 0) {
        return isDecodable(bytes, from, to);
      }
    }
    return true;
  }

  private static boolean isDecodable(byte[] bytes, int from, int to) {
    try {
      return StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes, from, to - from))
              .toString()
              .indexOf('\0')
          < 0;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
