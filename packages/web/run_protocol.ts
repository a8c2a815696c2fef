/**
 * Messages about a network and its run: its progress, its curves and its quality.
 *
 * @module
 */
import type {
  Evaluation,
  Example,
  NetworkConfig,
  SymbolUnit,
  TranslationEvaluation,
} from "@unroll/core/texts";
import type { DataSource } from "./data_protocol.ts";
import type { LiveSettings } from "./live_settings.ts";
import type { Settings } from "./settings.ts";

/** How far to train. */
export type Goal = "end" | "epoch" | "step";

/** The speed of training: slow enough to follow, or full speed. */
export type Pace = "slow" | "watch" | "full";

/** The phase of training. */
export type Phase = "fresh" | "running" | "paused" | "done" | "failed";

/** A row of the charts. */
export interface EpochRow {
  /** The epoch, from 1. */
  epoch: number;
  /** Losses in nats and accuracies from 0 to 1: on the training examples, and on held-out ones. */
  trainLoss: number;
  trainAccuracy: number;
  validationLoss?: number;
  validationAccuracy?: number;
  testLoss?: number;
  testAccuracy?: number;
}

/** The current network. */
export interface Ready {
  settings: Settings;
  config: NetworkConfig;
  labels: string[];
  /** The first words of the vocabulary. */
  vocabulary: string[];
  /** The number of words that the network knows. */
  words: number;
  parameters: number;
  /** The number of examples of each kind. */
  counts: { train: number; validation: number; test: number };
  /** Some examples of the data, a few of them not used for training. */
  samples: Example[];
  /** The labels that the network generates texts for; empty if it generates without a label. */
  written: string[];
  /** A description of the backend. */
  computes: string;
  /** The file that the network was opened from, if any. */
  opened?: string;
  /** Where the visitor's own data came from. */
  source?: DataSource;
}

/** The progress of training. */
export interface Status {
  phase: Phase;
  /** The current epoch, from 1, and the number of epochs. */
  epoch: number;
  epochs: number;
  /** The number of examples of the epoch that are done. */
  done: number;
  of: number;
  epochsPerSecond: number;
  secondsLeft: number;
  /** Why training ended before its last epoch, and the epoch whose weights were kept. */
  ended?: { reason: "patience"; best?: number };
  /** The lowest and the latest loss, if the loss has grown out of proportion. */
  isGrowing?: { from: number; to: number };
  /** The settings changed during the run. */
  changes: LiveChange[];
  /** Whether it is the trained network shipped with the page, unchanged. */
  isShipped?: boolean;
  /** The number of epochs of the run discarded last, if it can be restored. */
  discarded?: number;
}

/** A setting that was changed during a run. */
export interface LiveChange {
  name: Exclude<keyof LiveSettings, "epochs">;
  /** The epoch during which it changed. */
  epoch: number;
  from: number;
  to: number;
}

/** The examples of the next step: the first of them, and their count. */
export interface NextStep {
  text?: string;
  label?: string;
  /** The index of the example in the epoch, from 1, and the number of examples. */
  place: number;
  of: number;
  /** The number of examples in the step. */
  batch: number;
}

/** How well the network does, and on which examples. */
export interface EvaluationReport {
  found:
    | { kind: "labels"; evaluation: Evaluation }
    | { kind: "pairs"; evaluation: TranslationEvaluation }
    | { kind: "texts"; loss: number; accuracy: number; unit: SymbolUnit };
  on: "test" | "validation" | "train";
  count: number;
}

/** A backend, and whether it works here. */
export interface BackendReport {
  name: string;
  works: boolean;
  /** Whether it is a GPU emulated in software, many times slower than the CPU. */
  isSoftware?: boolean;
  about: string;
}

/** A run saved by the browser. */
export interface SavedRun {
  settings: Settings;
  epoch: number;
  savedAt: number;
}

/** A run as exported to the tools. Examples are JSON lines, some thousand examples per line. */
export interface ExportedRun {
  /** The model's file. */
  model: Blob;
  /** The task's name on the page. */
  task: string;
  /** A title for the data: a file's name. */
  title: string;
  train: Blob;
  /** The examples to evaluate on. */
  measured: Blob;
  on: "test" | "validation" | "train";
  rows: EpochRow[];
  /** The epoch whose weights the model has, if validation chose it. */
  bestEpoch?: number;
}
