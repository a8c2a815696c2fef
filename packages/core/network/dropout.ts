/**
 * Dropout masks.
 *
 * @module
 */
import type { Ops } from "../backend.ts";
import { Random, STREAMS } from "../random.ts";
import type { NetworkConfig } from "./config.ts";
import { poolingOf } from "./head.ts";
import { outputWidth } from "./shapes.ts";
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
  const drawn = drawMasks(config, size, timeSteps, random);
  return drawn?.map((mask) =>
    mask && ops.tensor(mask.values, [mask.values.length / mask.width, mask.width])
  );
}

/** A mask on the host, row by row. */
export interface DrawnMask {
  /** How many numbers a row has. */
  width: number;
  /** 0 or 1 / (1 - dropout). */
  values: Float32Array;
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
  const kept = 1 / (1 - dropout);
  const draw = (rows: number, width: number): DrawnMask => {
    const values = new Float32Array(rows * width);
    for (let i = 0; i < values.length; i++) values[i] = random.uniform() < dropout ? 0 : kept;
    return { width, values };
  };
  const rows = timeSteps * size;
  const masks = [embedding > 0 ? draw(rows, embedding) : undefined];
  for (let layer = 1; layer < layers; layer++) masks.push(draw(rows, outputWidth(config)));
  masks.push(draw(poolingOf(config).isPerStep ? rows : size, outputWidth(config)));
  return masks;
}

/** What draws the masks of step t. */
export function dropoutRandom(seed: number, t: number): Random {
  return new Random(seed, STREAMS.dropout, t);
}
