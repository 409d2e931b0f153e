package io.kindred.testkit;

import io.kindred.ProgressListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Keeps the warnings that it hears. */
public final class Warnings implements ProgressListener {
  private final List<String> texts = Collections.synchronizedList(new ArrayList<>());

  @Override
  public void onProgress(String stage, long done, long total, String note) {}

  @Override
  public void onWarning(String text) {
    texts.add(text);
  }

  /** All warnings so far, in order. */
  public List<String> texts() {
    return List.copyOf(texts);
  }
}
