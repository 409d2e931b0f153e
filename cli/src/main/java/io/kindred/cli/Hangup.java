package io.kindred.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * SIGHUP, by which a server is told to load again what it serves. A process that was started with
 * the signal ignored, as by {@code nohup}, goes on ignoring it.
 *
 * <p>The JDK has {@code sun.misc.Signal} alone for this. It is asked for by name, since javac warns
 * of each mention of it and no option of Maven's compiler turns that off.
 */
final class Hangup {
  private Hangup() {}

  /** Does something at each SIGHUP from now on, instead of ending. */
  static void handle(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object running =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), running);
    } catch (InvocationTargetException e) {
      // The system has no such signal, or the JVM leaves it to others (-Xrs).
    } catch (ReflectiveOperationException e) {
      // A runtime without the module jdk.unsupported: SIGHUP ends it, as it ends any program.
    }
  }
}
