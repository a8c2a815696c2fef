/**
 * The messages between the gesture tab and its worker.
 *
 * @module
 */
import type { Drawn } from "./gestures_samples.ts";

/** A labeled stroke: points at equal distances, relative to the first. */
export interface Gesture {
  label: string;
  x: readonly number[];
  y: readonly number[];
}

/** The network's predictions for a stroke, or for the part drawn so far. */
export interface Reading {
  /** For each point drawn, the number of points read by then. */
  progress: readonly number[];
  /** The first point whose probabilities are new; the earlier ones are unchanged. */
  from: number;
  /** The probability of each label after each point, starting with that one. */
  probabilities: readonly Record<string, number>[];
  /** The distance to the nearest example, as a multiple of the usual distance between examples. */
  novelty?: number;
}

/** The progress of training. */
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
  /** The label predicted for each stroke, once its fold is done. */
  predicted: readonly (string | undefined)[];
  network: number;
  nearest: number;
}

/** Requests to the worker: the given value, and the answer. */
export interface GestureRequests {
  /** Generates a stroke of one of the three shapes by formula; each number gives another one. */
  sample: [{ shape: number; number: number }, Drawn];
  /** Generates the first strokes of each shape, resampled for training. */
  builtIn: [{ labels: readonly string[]; count: number }, Gesture[]];
  /** Resamples a stroke for training. */
  settle: [{ drawn: Drawn; label: string }, Gesture];
  /** Starts training on these strokes, and returns their count. A current run is ended. */
  learn: [{ gestures: readonly Gesture[]; isWatched: boolean }, number];
  /** Ends the current run. */
  stop: [Record<never, never>, void];
  /** Reads more of a stroke; the points before `from` are known. */
  read: [{ drawn: Drawn; from: number; isWhole: boolean }, Reading | undefined];
  /** Returns the strokes as a CSV file. */
  csv: [{ gestures: readonly Gesture[] }, string];
  /** Reads the strokes of a CSV file, with notes about how it was read. */
  open: [{ file: File }, { gestures: Gesture[]; notes: string[] }];
  /** Returns the model as a file. */
  model: [Record<never, never>, Uint8Array<ArrayBuffer>];
}

/** The events that the worker reports. */
export interface GestureEvents {
  problem: { message: string };
  epoch: Progress;
  /** Training is done. */
  learned: { strokes: number; seconds: number };
  crossValidation: CrossValidation;
}
