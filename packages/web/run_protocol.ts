/**
 * What is said of a network and its run: how far it is, its curves, how well it does.
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

/** How far to go. */
export type Goal = "end" | "epoch" | "step";

/** How fast: so that it can be followed, or at full speed. */
export type Pace = "slow" | "watch" | "full";

/** What training is doing. */
export type Phase = "fresh" | "running" | "paused" | "done" | "failed";

/** A column of the charts. */
export interface EpochRow {
  /** The epoch, from 1. */
  epoch: number;
  /** Losses in nats and accuracies from 0 to 1: on the training examples, and on those aside. */
  trainLoss: number;
  trainAccuracy: number;
  validationLoss?: number;
  validationAccuracy?: number;
  testLoss?: number;
  testAccuracy?: number;
}

/** The network that is there now. */
export interface Ready {
  settings: Settings;
  config: NetworkConfig;
  labels: string[];
  /** The first words of the vocabulary. */
  vocabulary: string[];
  /** How many words the network knows. */
  words: number;
  parameters: number;
  /** How many examples there are of each kind. */
  counts: { train: number; validation: number; test: number };
  /** A few examples of the data, some of them not trained on. */
  samples: Example[];
  /** The labels that a network writes texts for; none for one that writes without. */
  written: string[];
  /** What computes. */
  computes: string;
  /** The file that the network came from, if one was opened. */
  opened?: string;
  /** Where data of the visitor's own came from. */
  source?: DataSource;
}

/** How far training is. */
export interface Status {
  phase: Phase;
  /** The epoch under way, from 1, and how many there are. */
  epoch: number;
  epochs: number;
  /** How many of its examples are done. */
  done: number;
  of: number;
  epochsPerSecond: number;
  secondsLeft: number;
  /** Why it ended before its last epoch, and the epoch whose weights the network has. */
  ended?: { reason: "patience"; best?: number };
  /** The least loss and the last, where it has grown out of all proportion. */
  isGrowing?: { from: number; to: number };
  /** What was changed while it went on. */
  changes: LiveChange[];
  /** Whether it is the trained network that ships with the page, as it came. */
  isShipped?: boolean;
  /** How many epochs the run has that was discarded last, where it can come back. */
  discarded?: number;
}

/** A setting that was changed while a run went on. */
export interface LiveChange {
  name: Exclude<keyof LiveSettings, "epochs">;
  /** From within which epoch on. */
  epoch: number;
  from: number;
  to: number;
}

/** What the next step learns from: the first of its examples, and how many there are. */
export interface NextStep {
  text?: string;
  label?: string;
  /** Which example of the epoch it is, from 1, and of how many. */
  place: number;
  of: number;
  /** How many examples the step has. */
  batch: number;
}

/** How well the network does, on which examples. */
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
  /** Whether it is a graphics device that software imitates, many times slower than the CPU. */
  isSoftware?: boolean;
  about: string;
}

/** A run that the browser has saved. */
export interface SavedRun {
  settings: Settings;
  epoch: number;
  savedAt: number;
}

/** A run as its tools get it. Examples are JSON, some thousand in a line. */
export interface ExportedRun {
  /** The model's file. */
  model: Blob;
  /** The task on the page. */
  task: string;
  /** What was learned: a file's name. */
  title: string;
  train: Blob;
  /** What it is measured on. */
  measured: Blob;
  on: "test" | "validation" | "train";
  rows: EpochRow[];
  /** The epoch whose weights the model has, where validation chose it. */
  bestEpoch?: number;
}
