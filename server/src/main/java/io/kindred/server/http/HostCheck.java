package io.kindred.server.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * By which names a server may be asked. A page of somebody else can have its own name point to this
 * machine (DNS rebinding); what the browser then sends has that name as its {@code Host}. Addresses
 * in numbers need no such check: no name stands behind them. Immutable.
 */
final class HostCheck {
  private static final Pattern IP_V4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final String ANY = "*";

  private final Set<String> names = new HashSet<>();

  /**
   * The names of a server: localhost, what it listens on, the name of the machine where it listens
   * on more than the loopback, and others.
   *
   * @param listening where it listens, as it was said
   * @param allowed other names; {@code *} stands for all
   */
  HostCheck(String listening, Collection<String> allowed) {
    names.add("localhost");
    names.add(plain(listening));
    if (!isLoopback(listening)) {
      addMachine();
    }
    allowed.forEach(name -> names.add(plain(name)));
  }

  private void addMachine() {
    try {
      InetAddress here = InetAddress.getLocalHost();
      names.add(plain(here.getHostName()));
      names.add(plain(here.getCanonicalHostName()));
    } catch (UnknownHostException e) {
      // it has no name
    }
  }

  private static boolean isLoopback(String listening) {
    try {
      return InetAddress.getByName(listening).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Whether a request may ask for this host, a name or an address without a port. */
  boolean allows(@Nullable String host) {
    if (host == null || host.isEmpty()) {
      return true; // HTTP/1.0, which no browser speaks
    }
    String plain = plain(host);
    return names.contains(plain)
        || names.contains(ANY)
        || plain.endsWith(".localhost")
        || IP_V4.matcher(plain).matches()
        || plain.indexOf(':') >= 0; // IPv6: a name has no colon
  }

  private static String plain(String host) {
    String plain = host.toLowerCase(Locale.ROOT);
    if (plain.startsWith("[") && plain.endsWith("]")) {
      plain = plain.substring(1, plain.length() - 1);
    }
    return plain.endsWith(".") ? plain.substring(0, plain.length() - 1) : plain;
  }
}
