/**
 * Dropout masks.
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";
import { Random, STREAMS } from "../random.ts";
import type { NetworkConfig } from "./config.ts";
import { poolingOf } from "./head.ts";
import { inputsOf } from "./inputs.ts";
import { headWidth, outputWidth } from "./shapes.ts";
import type { PassOptions } from "./stack.ts";

/**
 * Draws the dropout masks of Srivastava et al. (2014) for a training step: 0 for a fraction
 * `dropout` of the values between the embedding and the first layer, between layers, and before the
 * head; 1 / (1 - dropout) for all others, so that the mean stays the same.
 *
 * @param random The generator, for steps that draw several times. Default: that of the step.
 */
export function dropoutMasks(
  ops: Ops,
  config: NetworkConfig,
  size: number,
  timeSteps: number,
  { seed, t }: { seed: number; t: number },
  random: Random = dropoutRandom(seed, t),
): PassOptions["masks"] {
  return drawMasks(config, size, timeSteps, random)?.map((mask) => {
    return mask && uploadMask(ops, mask);
  });
}

/** Uploads a mask to a device. */
export function uploadMask(ops: Ops, { kept, scale, width }: DrawnMask): Tensor {
  const numbers = new Float32Array(kept.length); // Float32Array.from() is thirty times slower
  for (let i = 0; i < kept.length; i++) numbers[i] = kept[i] * scale;
  return ops.tensor(numbers, [kept.length / width, width]);
}

/** A mask on the host, one byte per element. */
export interface DrawnMask {
  /** The number of columns. */
  width: number;
  /** Row by row, 1 for elements to keep and 0 for others. */
  kept: Uint8Array;
  /** The factor of kept elements, 1 / (1 - dropout). */
  scale: number;
}

/** Draws the masks of {@linkcode dropoutMasks}, without uploading them. */
export function drawMasks(
  config: NetworkConfig,
  size: number,
  timeSteps: number,
  random: Random,
): (DrawnMask | undefined)[] | undefined {
  const { dropout, layers, embedding } = config;
  if (dropout === 0) return undefined;
  const width = inputsOf(config).width(config, 0); // of an embedding, with letters if any
  const scale = 1 / (1 - dropout);
  const draw = (rows: number, width: number): DrawnMask => {
    const kept = new Uint8Array(rows * width);
    random.fillMask(kept, dropout);
    return { width, kept, scale };
  };
  const rows = timeSteps * size;
  const masks = [embedding > 0 ? draw(rows, width) : undefined];
  for (let layer = 1; layer < layers; layer++) masks.push(draw(rows, outputWidth(config)));
  masks.push(draw(poolingOf(config).isPerStep ? rows : size, headWidth(config)));
  return masks;
}

/** Returns the generator that draws the masks of training step t. */
export function dropoutRandom(seed: number, t: number): Random {
  return new Random(seed, STREAMS.dropout, t);
}
