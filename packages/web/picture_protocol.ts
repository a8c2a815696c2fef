/**
 * What is said of a text in the picture, and of the weights: the numbers that are drawn.
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

/** What a step has changed: of each weight the numbers added to it, and the largest of them. */
export interface StepChange {
  [name: string]: { map: HeatMap; largest: number };
}

/** What one step back through time finds, as far as the page draws it. */
export type Gradients = Omit<GradientTrace, "weights"> & {
  weights: Record<
    string,
    { norm: number; clipped: number; size: number; map: HeatMap; marked: Uint8Array }
  >;
};

/** Numbers in rows, small enough to draw: a larger matrix has its largest of each block. */
export interface HeatMap {
  rows: number;
  columns: number;
  values: Float32Array;
  /** The size that nearly all of them are within: it has the full color. */
  bound: number;
  /** How many rows and columns of the matrix one of these stands for. */
  block: [rows: number, columns: number];
}

/** The sentence in the picture, as the network goes through it now. */
export interface Look extends StepTrace {
  text: string;
  /** Its label, where that is known. */
  actual?: string;
  /** The backward pass, where the label is known. */
  gradients?: Gradients;
  /** What a network that translates gives for it. */
  translation?: Translation;
  task: string;
  /** `without[t]`: the probabilities of the text without its word t. */
  without?: number[][];
  config: NetworkConfig;
  labels: string[];
  /** Whether it goes on after these words. */
  isCut: boolean;
  /** How many of its words, or symbols, there are in the picture at most, and what they are. */
  shown: number;
  unit: SymbolUnit;
  /** How many words the vocabulary has. */
  vocabulary: number;
}

/** The words that drive a unit most, read alone. */
export interface Drivers {
  unit: number;
  up: { word: string; value: number }[];
  down: { word: string; value: number }[];
}

/** A network's weights, as they were at the start and as they are now. */
export interface WeightMaps {
  [name: string]: { shape: [number, number]; before: HeatMap; now: HeatMap };
}

/** How a network is to write. */
export interface Writing {
  prompt: string;
  label?: string;
  temperature: number;
  seed: number;
}

/** How far gradients reach back in some networks, over the same words. */
export interface Reach {
  words: string[];
  /** The cell of an untrained network, or none for the one that is there. */
  curves: { cell?: CellName; steps: number[] }[];
}

/** The numbers in weights, to be handed over rather than copied. */
export function numbersOfMaps(maps: WeightMaps): ArrayBuffer[] {
  return Object.values(maps).flatMap(({ before, now }) => [
    before.values.buffer as ArrayBuffer,
    now.values.buffer as ArrayBuffer,
  ]);
}

/** The numbers in a look, to be handed over rather than copied. */
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
