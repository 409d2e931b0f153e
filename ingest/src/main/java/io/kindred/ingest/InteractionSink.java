package io.kindred.ingest;

import io.kindred.data.Vocabulary;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes the rows of interactions of one thread: turns ids into the thread's own dense codes and
 * keeps everything else as numbers, in blocks that are put together later. Not thread-safe.
 */
final class InteractionSink {
  static final String EXPECTED_VALUE = "a finite number such as 4.5";
  private static final String EXPECTED_ID = "an id of at least one character";
  private static final String EXPECTED_UTF8 =
      "an id of valid UTF-8 without NUL (another encoding can be named: --encoding)";
  private static final int MAX_TYPES = 256;

  /** What became of a row. */
  enum Outcome {
    TAKEN,
    LEFT_OUT,
    BAD
  }

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

  private final char decimal;
  private final Set<String> missingTexts = new HashSet<>();
  private final Set<Float> missingNumbers = new HashSet<>();
  private final Counts counts = new Counts();

  InteractionSink(ReadOptions options) {
    times = new TimeParser(options.timeUnit());
    decimal = options.decimal();
    for (String missing : options.missing()) {
      missingTexts.add(missing.strip());
      double number = Numbers.parse(missing.strip());
      if (Double.isFinite(number)) {
        missingNumbers.add((float) number);
      }
    }
  }

  /** What was mended or left out on the way. */
  static final class Counts {
    long trimmed;
    long headers;
    long marks;
    long comments;
    final Map<String, Long> missing = new TreeMap<>();

    void addAll(Counts other) {
      trimmed += other.trimmed;
      headers += other.headers;
      marks += other.marks;
      comments += other.comments;
      other.missing.forEach((value, count) -> missing.merge(value, count, Long::sum));
    }

    void clear() {
      trimmed = 0;
      headers = 0;
      marks = 0;
      comments = 0;
      missing.clear();
    }
  }

  Counts counts() {
    return counts;
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
   * Takes the record on which the reader stands, at the next {@link #flush} at the latest; where it
   * is bad, {@link #bad} says why.
   */
  Outcome add(DelimitedReader record, ColumnRoles roles) {
    String problem = record.problem();
    if (problem != null) {
      return refuse(
          "",
          problem,
          "a quoted field between two delimiters, quotes inside it doubled (text without quoting:"
              + " --quote none)");
    }
    if (record.fields() != roles.width()) {
      return refuse(
          "",
          record.fields() == 1 ? "1 field" : record.fields() + " fields",
          roles.width() + " (" + String.join(", ", roles.names()) + ")");
    }
    byte[] bytes = record.bytes();
    int row = staged;
    userFrom[row] = record.from(roles.user());
    userTo[row] = record.to(roles.user());
    itemFrom[row] = record.from(roles.item());
    itemTo[row] = record.to(roles.item());
    trim(bytes, userFrom, userTo, row);
    trim(bytes, itemFrom, itemTo, row);
    if (!isId(bytes, userFrom[row], userTo[row])) {
      return refuse(roles, roles.user(), record, expectedId(record.text(roles.user())));
    }
    if (!isId(bytes, itemFrom[row], itemTo[row])) {
      return refuse(roles, roles.item(), record, expectedId(record.text(roles.item())));
    }
    if (roles.header()
        && is(bytes, userFrom[row], userTo[row], roles.names().get(roles.user()))
        && is(bytes, itemFrom[row], itemTo[row], roles.names().get(roles.item()))) {
      counts.headers++;
      return Outcome.LEFT_OUT;
    }
    float value = 1;
    if (roles.value() >= 0) {
      int from = record.from(roles.value());
      int to = record.to(roles.value());
      value =
          decimal == ','
              ? (float) Numbers.parseComma(record.text(roles.value()).strip())
              : (float) Numbers.parse(bytes, from, to);
      if (!missingTexts.isEmpty() && isMissing(value, record.text(roles.value()).strip())) {
        return Outcome.LEFT_OUT;
      }
      if (!Float.isFinite(value)) {
        return refuse(
            roles, roles.value(), record, expectedValue(record.text(roles.value()).strip()));
      }
    }
    long time = 0;
    if (roles.time() >= 0) {
      time =
          times.parse(
              bytes,
              record.from(roles.time()),
              record.to(roles.time()),
              record.line(),
              roles.monthDay());
      if (time == TimeParser.BAD) {
        return refuse(roles, roles.time(), record, expectedTime(roles));
      }
    }
    int type = -1;
    if (roles.type() >= 0) {
      int from = Strays.start(bytes, record.from(roles.type()), record.to(roles.type()));
      int to = Strays.end(bytes, from, record.to(roles.type()));
      if (!isId(bytes, from, to)) {
        return refuse(roles, roles.type(), record, "the name of an event type");
      }
      type = types.add(bytes, from, to - from);
      if (type >= MAX_TYPES) {
        return refuse(roles, roles.type(), record, "at most " + MAX_TYPES + " event types");
      }
    }
    staged++;
    stagedValues[row] = value;
    stagedTimes[row] = time;
    stagedTypes[row] = type;
    if (staged == STAGE || !record.isStable()) {
      flush(bytes, roles);
    }
    return Outcome.TAKEN;
  }

  private static String expectedTime(ColumnRoles roles) {
    return roles.monthDay() ? TimeParser.EXPECTED_MONTH_DAY : TimeParser.EXPECTED;
  }

  /** What would be right, with the option that may help. */
  private String expectedValue(String text) {
    if (decimal == ',') {
      return "a finite number with a decimal comma such as 4,5";
    }
    if (text.matches("[-+]?[0-9]{1,3}(,[0-9]{3})+(\\.[0-9]+)?")) {
      return EXPECTED_VALUE
          + ", without separators of thousands (if ',' is the decimal comma: --decimal ,)";
    }
    if (text.matches("[-+]?[0-9]*,[0-9]+")) {
      return EXPECTED_VALUE + " (a decimal comma: --decimal ,)";
    }
    return text.matches("(?i)|n/?a|nan|null|none|\\\\n|[-?.]+")
        ? EXPECTED_VALUE + " (rows without a rating can be left out: --missing '" + text + "')"
        : EXPECTED_VALUE;
  }

  private boolean isMissing(float value, String text) {
    boolean missing =
        Float.isFinite(value) ? missingNumbers.contains(value) : missingTexts.contains(text);
    if (missing) {
      counts.missing.merge(
          Float.isFinite(value)
              ? value == Math.rint(value) ? Long.toString((long) value) : Float.toString(value)
              : text,
          1L,
          Long::sum);
    }
    return missing;
  }

  /** Leaves off what stands around an id by accident. */
  private void trim(byte[] bytes, int[] starts, int[] ends, int row) {
    int from = starts[row];
    int to = ends[row];
    if (from < to && (Strays.mayBe(bytes[from]) || Strays.mayBe(bytes[to - 1]))) {
      starts[row] = Strays.start(bytes, from, to);
      ends[row] = Strays.end(bytes, starts[row], to);
      counts.trimmed += starts[row] != from || ends[row] != to ? 1 : 0;
    }
  }

  /** Whether bytes are an ASCII text. */
  private static boolean is(byte[] bytes, int from, int to, String text) {
    if (to - from != text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (bytes[from + i] != text.charAt(i)) {
        return false;
      }
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
   * Takes a row of a source that has types of its own; {@code null} is missing.
   *
   * @param value a number, or its text
   * @param time {@link Millis}, or a text
   */
  Outcome add(
      ColumnRoles roles,
      @Nullable String user,
      @Nullable String item,
      @Nullable Object value,
      @Nullable Object time,
      @Nullable String type,
      long row) {
    byte[] userId = id(user);
    byte[] itemId = id(item);
    if (!isId(userId, 0, userId.length)) {
      return refuse(roles.names().get(roles.user()), user, expectedId(user));
    }
    if (!isId(itemId, 0, itemId.length)) {
      return refuse(roles.names().get(roles.item()), item, expectedId(item));
    }
    float number = 1;
    if (roles.value() >= 0) {
      String text = value == null ? "" : value.toString().strip();
      number =
          value instanceof Number given
              ? given.floatValue()
              : (float) (decimal == ',' ? Numbers.parseComma(text) : Numbers.parse(text));
      if (!missingTexts.isEmpty() && isMissing(number, text)) {
        return Outcome.LEFT_OUT;
      }
      if (!Float.isFinite(number)) {
        return refuse(roles.names().get(roles.value()), value, expectedValue(text));
      }
    }
    long millis = 0;
    if (roles.time() >= 0) {
      if (time instanceof Millis exact) {
        millis = TimeParser.inRange(exact.value());
      } else {
        byte[] text = String.valueOf(time).getBytes(StandardCharsets.UTF_8);
        millis =
            time == null
                ? TimeParser.BAD
                : times.parse(text, 0, text.length, row, roles.monthDay());
      }
      if (millis == TimeParser.BAD) {
        return refuse(roles.names().get(roles.time()), time, expectedTime(roles));
      }
    }
    int kind = -1;
    if (roles.type() >= 0) {
      kind = type == null || type.isBlank() ? MAX_TYPES : types.add(type.strip());
      if (kind >= MAX_TYPES) {
        return refuse(
            roles.names().get(roles.type()), type, "one of at most " + MAX_TYPES + " event types");
      }
    }
    block(roles.time() >= 0, roles.type() >= 0)
        .append(
            users.add(userId, 0, userId.length),
            items.add(itemId, 0, itemId.length),
            number,
            millis,
            kind);
    return Outcome.TAKEN;
  }

  /** The bytes of an id, trimmed; none where half a surrogate pair makes it no text. */
  private byte[] id(@Nullable String text) {
    if (text == null || hasHalfPair(text)) {
      return new byte[0];
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int to = bytes.length;
    if (to == 0 || (!Strays.mayBe(bytes[0]) && !Strays.mayBe(bytes[to - 1]))) {
      return bytes;
    }
    int from = Strays.start(bytes, 0, to);
    byte[] trimmed = Arrays.copyOfRange(bytes, from, Strays.end(bytes, from, to));
    counts.trimmed += trimmed.length < to ? 1 : 0;
    return trimmed;
  }

  private static boolean hasHalfPair(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  /** Takes a line "user item item ...". */
  Outcome addSequence(DelimitedReader record) {
    byte[] bytes = record.bytes();
    for (int field = 0; field < record.fields(); field++) {
      if (!isId(bytes, record.from(field), record.to(field))) {
        return refuse(
            field == 0 ? "user" : "item " + field,
            record.text(field),
            expectedId(record.text(field)));
      }
    }
    int user = users.add(bytes, record.from(0), record.to(0) - record.from(0));
    for (int field = 1; field < record.fields(); field++) {
      int item = items.add(bytes, record.from(field), record.to(field) - record.from(field));
      block(false, false).append(user, item, 1f, 0, -1);
    }
    return Outcome.TAKEN;
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

  private static String expectedId(@Nullable String id) {
    return id == null || id.isBlank() ? EXPECTED_ID : EXPECTED_UTF8;
  }

  private Outcome refuse(ColumnRoles roles, int column, DelimitedReader record, String expected) {
    return refuse(roles.names().get(column), record.text(column), expected);
  }

  private Outcome refuse(String column, @Nullable Object value, String expected) {
    badColumn = column;
    badValue = value == null ? "" : value.toString();
    badExpected = expected;
    return Outcome.BAD;
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
