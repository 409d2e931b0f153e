/** Vectors of texts and pictures by pretrained encoders in the ONNX format. */
@NullMarked
package io.kindred.onnx;

import org.jspecify.annotations.NullMarked;
