/**
 * Messages about the picture's text and the weights: the numbers that are drawn.
 *
 * @module
 */
import type {
  CellName,
  GradientTrace,
  NetworkConfig,
  StepTrace,
  SymbolUnit,
  Translation,
} from "@unroll/core/texts";

/** What a step changed: for each weight, the numbers added to it and the largest of them. */
export interface StepChange {
  [name: string]: { map: HeatMap; largest: number };
}

/** The gradients of one backward pass through time, as far as the page draws them. */
export type Gradients = Omit<GradientTrace, "weights"> & {
  weights: Record<
    string,
    { norm: number; clipped: number; size: number; map: HeatMap; marked: Uint8Array }
  >;
};

/** Numbers in rows, reduced for drawing: of a large matrix, the largest of each block. */
export interface HeatMap {
  rows: number;
  columns: number;
  values: Float32Array;
  /** The absolute value drawn in the full color; nearly all values are within it. */
  bound: number;
  /** The rows and columns of the matrix that one number stands for. */
  block: [rows: number, columns: number];
}

/** The network's current forward pass over the sentence in the picture. */
export interface Look extends StepTrace {
  text: string;
  /** Its label, if known. */
  actual?: string;
  /** The backward pass, if the label is known. */
  gradients?: Gradients;
  /** The output of a translation model. */
  translation?: Translation;
  task: string;
  /** `without[t]`: the probabilities for the text without word t. */
  without?: number[][];
  config: NetworkConfig;
  labels: string[];
  /** Whether the text continues after these words. */
  isCut: boolean;
  /** The maximum number of words or symbols in the picture, and the unit. */
  shown: number;
  unit: SymbolUnit;
  /** The number of words in the vocabulary. */
  vocabulary: number;
}

/** The words that move a unit most when read on their own. */
export interface Drivers {
  unit: number;
  up: { word: string; value: number }[];
  down: { word: string; value: number }[];
}

/** A network's weights: at the start, and now. */
export interface WeightMaps {
  [name: string]: { shape: [number, number]; before: HeatMap; now: HeatMap };
}

/** How a network is to generate text. */
export interface Writing {
  prompt: string;
  label?: string;
  temperature: number;
  seed: number;
}

/** How far gradients reach back in several networks, over the same words. */
export interface Reach {
  words: string[];
  /** The cell of an untrained network; undefined for the current network. */
  curves: { cell?: CellName; steps: number[] }[];
}

/** Returns the buffers of weight maps, to transfer instead of copy. */
export function numbersOfMaps(maps: WeightMaps): ArrayBuffer[] {
  return Object.values(maps).flatMap(({ before, now }) => [
    before.values.buffer as ArrayBuffer,
    now.values.buffer as ArrayBuffer,
  ]);
}

/** Returns the buffers of a look, to transfer instead of copy. */
export function numbersOf(look: Look): ArrayBuffer[] {
  const cells = look.layers.flat().flatMap(({ states, cells, gates }) => [
    states,
    ...(cells ? [cells] : []),
    ...Object.values(gates),
  ]);
  const gradients = look.gradients
    ? [
      ...look.gradients.layers.flat(),
      ...Object.values(look.gradients.weights).flatMap(({ map, marked }) => [map.values, marked]),
    ]
    : [];
  const all: { buffer: ArrayBufferLike }[] = [...cells, ...gradients];
  return [...new Set(all.map(({ buffer }) => buffer as ArrayBuffer))];
}
