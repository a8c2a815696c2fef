/**
 * The weights of translation models under PyTorch's names and shapes, and back.
 *
 * @module
 */
import { headFromTorch, headToTorch } from "../network/torch_names.ts";
import type { FloatArray } from "../backend.ts";
import type { NetworkConfig } from "../network/config.ts";
import {
  stackFromTorch,
  stackTorchShapes,
  stackToTorch,
  type StoredTensor,
  transposed,
  untransposed,
} from "../network/torch_names.ts";
import { prefixed, type Weights, withoutPrefix } from "../network/weights.ts";
import type { TranslationModel } from "./model.ts";
import { DECODER, decoderConfig, ENCODER } from "./network.ts";

/** Returns the shape of each tensor under PyTorch's names. */
export function translationTorchShapes(
  { config, attention, vocabulary, labels }: Omit<TranslationModel, "weights">,
): Record<string, number[]> {
  const { hidden } = config;
  return {
    ...prefixed(ENCODER, stackTorchShapes(config, vocabulary.length)),
    ...prefixed(DECODER, stackTorchShapes(decoderConfig(config), labels.length)),
    ...(attention === "dot" ? { "attention.weight": [hidden, 2 * hidden] } : {}),
    "head.weight": [labels.length, hidden],
    "head.bias": [labels.length],
  };
}

/** Converts weights to PyTorch's names and layout. */
export function translationToTorch(
  config: NetworkConfig,
  weights: Weights<FloatArray>,
): Record<string, StoredTensor> {
  const decoder = stackToTorch(decoderConfig(config), withoutPrefix(DECODER, weights));
  return {
    ...prefixed(ENCODER, stackToTorch(config, withoutPrefix(ENCODER, weights))),
    ...prefixed(DECODER, decoder),
    ...(weights.Wc ? { "attention.weight": transposed(weights.Wc, config.hidden) } : {}),
    ...headToTorch(weights),
  };
}

/** Converts weights from PyTorch's names and layout. */
export function translationFromTorch(
  { config, attention }: Pick<TranslationModel, "config" | "attention">,
  data: (name: string) => FloatArray,
): Weights<FloatArray> {
  return {
    ...prefixed(ENCODER, stackFromTorch(config, (name) => data(ENCODER + name))),
    ...prefixed(DECODER, stackFromTorch(decoderConfig(config), (name) => data(DECODER + name))),
    ...(attention === "dot" ? { Wc: untransposed(data("attention.weight"), config.hidden) } : {}),
    ...headFromTorch(data),
  };
}
