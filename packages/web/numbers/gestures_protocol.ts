/**
 * What the tab of gestures and its worker say to each other.
 *
 * @module
 */
import type { Drawn } from "./gestures_samples.ts";

/** A stroke that has a label: points at even distances, counted from the first. */
export interface Gesture {
  label: string;
  x: readonly number[];
  y: readonly number[];
}

/** What the network makes of a stroke, or of what is drawn of it so far. */
export interface Reading {
  /** How many points it has read by each point that was drawn. */
  progress: readonly number[];
  /** The first point whose probabilities are new; those before are as they were. */
  from: number;
  /** The probability of each label after each point, from that one on. */
  probabilities: readonly Record<string, number>[];
  /** How many times further the nearest example is than examples are from each other. */
  novelty?: number;
}

/** How training goes. */
export interface Progress {
  epoch: number;
  epochs: number;
  loss: number;
  accuracy: number;
}

/** How well strokes that were left out of training are recognized. */
export interface CrossValidation {
  fold: number;
  folds: number;
  /** The label that the network gave each stroke, where its turn has come. */
  predicted: readonly (string | undefined)[];
  network: number;
  nearest: number;
}

/** Questions to the worker: what is given, and what is answered. */
export interface GestureRequests {
  /** A stroke drawn by formula: of one of the three shapes, each number with its own. */
  sample: [{ shape: number; number: number }, Drawn];
  /** The first strokes by formula of each shape, as they are learned. */
  builtIn: [{ labels: readonly string[]; count: number }, Gesture[]];
  /** A stroke as it is learned. */
  settle: [{ drawn: Drawn; label: string }, Gesture];
  /** Begins to learn these, and gives how many they are. A run under way ends. */
  learn: [{ gestures: readonly Gesture[]; isWatched: boolean }, number];
  /** Ends a run under way. */
  stop: [Record<never, never>, void];
  /** Reads along; the points before `from` are known. */
  read: [{ drawn: Drawn; from: number; isWhole: boolean }, Reading | undefined];
  /** The strokes as a CSV file. */
  csv: [{ gestures: readonly Gesture[] }, string];
  /** The strokes of a CSV file, and what is to be said of how it was read. */
  open: [{ file: File }, { gestures: Gesture[]; notes: string[] }];
  /** The model as a file. */
  model: [Record<never, never>, Uint8Array<ArrayBuffer>];
}

/** What the worker reports unasked. */
export interface GestureEvents {
  problem: { message: string };
  epoch: Progress;
  /** Training is over. */
  learned: { strokes: number; seconds: number };
  crossValidation: CrossValidation;
}
