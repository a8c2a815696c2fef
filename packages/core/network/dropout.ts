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
 * Dropout of Srivastava et al. (2014): zeros in place of that fraction of what goes from the embedding
 * to the first layer, from layer to layer, and to the head; 1 / (1 - dropout) elsewhere, so that
 * the mean stays.
 *
 * @param random What draws them, where a step draws several times. Default: that of the step.
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

/** A mask on a device. */
export function uploadMask(ops: Ops, { kept, scale, width }: DrawnMask): Tensor {
  const numbers = new Float32Array(kept.length); // Float32Array.from() takes thirty times as long
  for (let i = 0; i < kept.length; i++) numbers[i] = kept[i] * scale;
  return ops.tensor(numbers, [kept.length / width, width]);
}

/** A mask on the host, in few bytes. */
export interface DrawnMask {
  /** How many numbers a row has. */
  width: number;
  /** Row by row 0 or 1. */
  kept: Uint8Array;
  /** What 1 stands for: 1 / (1 - dropout). */
  scale: number;
}

/** The masks of {@linkcode dropoutMasks}, before they are on a device. */
export function drawMasks(
  config: NetworkConfig,
  size: number,
  timeSteps: number,
  random: Random,
): (DrawnMask | undefined)[] | undefined {
  const { dropout, layers, embedding } = config;
  if (dropout === 0) return undefined;
  const width = inputsOf(config).width(config, 0); // of an embedding, and what stands beside it
  const scale = 1 / (1 - dropout);
  const draw = (rows: number, width: number): DrawnMask => {
    const kept = new Uint8Array(rows * width);
    for (let i = 0; i < kept.length; i++) kept[i] = random.uniform() < dropout ? 0 : 1;
    return { width, kept, scale };
  };
  const rows = timeSteps * size;
  const masks = [embedding > 0 ? draw(rows, width) : undefined];
  for (let layer = 1; layer < layers; layer++) masks.push(draw(rows, outputWidth(config)));
  masks.push(draw(poolingOf(config).isPerStep ? rows : size, headWidth(config)));
  return masks;
}

/** What draws the masks of step t. */
export function dropoutRandom(seed: number, t: number): Random {
  return new Random(seed, STREAMS.dropout, t);
}
