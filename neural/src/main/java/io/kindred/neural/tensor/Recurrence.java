package io.kindred.neural.tensor;

import io.kindred.linalg.Kernels;
import io.kindred.neural.tensor.Tensor.Cell;
import java.util.Arrays;

/**
 * One recurrent layer over a single sequence, without gradients, in plain Java: a step of one
 * sequence is so little work that calls into libtorch would cost more than it.
 *
 * <pre>
 * rnn    h' = tanh(a + b)
 * gru    r = s(a_r + b_r)   z = s(a_z + b_z)   n = tanh(a_n + r b_n)   h' = (1 - z) n + z h
 * lstm   i = s(a_i + b_i)   f = s(a_f + b_f)   g = tanh(a_g + b_g)     o = s(a_o + b_o)
 *        c' = f c + i g     h' = o tanh(c')
 *
 * a = W x + bias of the input, given    b = U h + bias of the state    s = logistic function
 * </pre>
 *
 * <p>The gates stand in the order of libtorch: r z n, and i f g o.
 */
final class Recurrence {
  private final Cell cell;
  private final int hidden;
  private final float[][] columns; // of U, [hidden][gates * hidden]
  private final float[] bias; // of the state, [gates * hidden]
  private final float[] gates; // b of one step
  private final float[] output;
  private final float[] memory;

  /**
   * A layer before its first step.
   *
   * @param columns of U, [hidden, gates * hidden]
   * @param bias of the state, [gates * hidden]
   * @param output h before the first step, [hidden]; changed by the steps
   * @param memory c before the first step, [hidden]; changed by the steps of {@link Cell#LSTM}
   */
  Recurrence(Cell cell, float[] columns, float[] bias, float[] output, float[] memory) {
    this.cell = cell;
    this.hidden = output.length;
    this.bias = bias;
    this.gates = new float[cell.gates() * hidden];
    this.columns = new float[hidden][];
    for (int k = 0; k < hidden; k++) {
      this.columns[k] = Arrays.copyOfRange(columns, k * gates.length, (k + 1) * gates.length);
    }
    this.output = output;
    this.memory = memory;
  }

  /**
   * All steps.
   *
   * @param inputs a of each step, [length, gates * hidden]
   * @return the outputs, [length, hidden]
   */
  float[] run(float[] inputs) {
    int length = inputs.length / gates.length;
    float[] outputs = new float[length * hidden];
    for (int step = 0; step < length; step++) {
      multiply();
      int a = step * gates.length;
      switch (cell) {
        case RNN -> rnn(inputs, a);
        case GRU -> gru(inputs, a);
        case LSTM -> lstm(inputs, a);
      }
      System.arraycopy(output, 0, outputs, step * hidden, hidden);
    }
    return outputs;
  }

  /** b = U h + bias. */
  private void multiply() {
    System.arraycopy(bias, 0, gates, 0, gates.length);
    Kernels.addColumns(gates, columns, output, 0, gates.length);
  }

  private void rnn(float[] inputs, int a) {
    for (int k = 0; k < hidden; k++) {
      output[k] = tanh(inputs[a + k] + gates[k]);
    }
  }

  private void gru(float[] inputs, int a) {
    for (int k = 0; k < hidden; k++) {
      float reset = logistic(inputs[a + k] + gates[k]);
      float update = logistic(inputs[a + hidden + k] + gates[hidden + k]);
      float fresh = tanh(inputs[a + 2 * hidden + k] + reset * gates[2 * hidden + k]);
      output[k] = (1 - update) * fresh + update * output[k];
    }
  }

  private void lstm(float[] inputs, int a) {
    for (int k = 0; k < hidden; k++) {
      float in = logistic(inputs[a + k] + gates[k]);
      float forget = logistic(inputs[a + hidden + k] + gates[hidden + k]);
      float fresh = tanh(inputs[a + 2 * hidden + k] + gates[2 * hidden + k]);
      float out = logistic(inputs[a + 3 * hidden + k] + gates[3 * hidden + k]);
      memory[k] = forget * memory[k] + in * fresh;
      output[k] = out * tanh(memory[k]);
    }
  }

  private static float logistic(float x) {
    return (float) (1 / (1 + Math.exp(-x)));
  }

  /** 1 - 2 / (e^2x + 1): as exact as float is, and several times as fast as {@link Math#tanh}. */
  private static float tanh(float x) {
    return (float) (1 - 2 / (Math.exp(2.0 * x) + 1));
  }
}
