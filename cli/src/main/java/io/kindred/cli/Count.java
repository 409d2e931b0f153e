package io.kindred.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number of things: {@code 1000}, {@code 100k}, {@code 10M}. */
final class Count implements ITypeConverter<Long> {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,12})([kKmM]?)");

  @Override
  public Long convert(String text) {
    Matcher form = FORM.matcher(text.replace("_", "").replace(",", ""));
    if (!form.matches()) {
      throw new TypeConversionException("'" + text + "' is not a count, such as 1000, 100k or 10M");
    }
    long number = Long.parseLong(form.group(1));
    return switch (form.group(2).toLowerCase(Locale.ROOT)) {
      case "k" -> number * 1_000;
      case "m" -> number * 1_000_000;
      default -> number;
    };
  }
}
