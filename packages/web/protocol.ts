/**
 * What the page and its worker say to each other: what may be asked, and what is reported.
 *
 * @module
 */
import type { Explanation, UnitPlace, UnitTrace } from "@unroll/core/inspect";
import type { DataPreview, DataRequest, NamedBlob, Progress } from "./data_protocol.ts";
import type { LiveSettings } from "./live_settings.ts";
import type { Drivers, Look, Reach, StepChange, WeightMaps, Writing } from "./picture_protocol.ts";
import type {
  BackendReport,
  EpochRow,
  EvaluationReport,
  ExportedRun,
  Goal,
  NextStep,
  Pace,
  Ready,
  SavedRun,
  Status,
} from "./run_protocol.ts";
import type { Settings } from "./settings.ts";

/** What the page may ask, and what it is answered. */
export interface Requests {
  backends: [given: { hasGpuJs: boolean }, answer: BackendReport[]];
  /** With `keepsModel`, a network that was opened stays, as it was in its file. */
  prepare: [given: { settings: Settings; keepsModel: boolean }, answer: void];
  go: [given: { goal: Goal }, answer: void];
  /** Other settings for the run under way. */
  change: [given: { settings: LiveSettings }, answer: void];
  /** The trained network that ships with the page, if it is the one for these settings. */
  openShipped: [given: { settings: Settings }, answer: boolean];
  /** The run that was discarded last, in place of the one that is there. */
  undo: [given: Record<never, never>, answer: void];
  /** The network that is there waits, whole, until it is brought back. */
  setAside: [given: Record<never, never>, answer: void];
  bringBack: [given: Record<never, never>, answer: void];
  nextStep: [given: Record<never, never>, answer: NextStep | undefined];
  /** Makes one step. */
  step: [given: Record<never, never>, answer: StepChange];
  pause: [given: Record<never, never>, answer: void];
  pace: [given: { pace: Pace }, answer: void];
  look: [given: { text: string; actual?: string }, answer: void];
  write: [given: Writing, answer: void];
  drivers: [given: { unit: number }, answer: Drivers];
  /** The equations of a unit at a step of a text, with their numbers. */
  unit: [given: { text: string; actual?: string; at: UnitPlace }, answer: UnitTrace];
  /** Each word's share in the answer. */
  why: [given: { text: string }, answer: Explanation];
  reach: [given: { words: number }, answer: Reach];
  inspectFiles: [given: DataRequest, answer: DataPreview];
  /** Ends the reading that is under way. */
  stopReading: [given: Record<never, never>, answer: void];
  useData: [given: Record<never, never>, answer: void];
  /** The data as text for a link; none where it is far too much. */
  packData: [given: Record<never, never>, answer: string | undefined];
  /** The data of a link, for the task that is answered. */
  takeData: [given: { packed: string }, answer: { task: string }];
  save: [given: Record<never, never>, answer: Uint8Array<ArrayBuffer>];
  /** The run, for the tools. */
  exportRun: [given: Record<never, never>, answer: ExportedRun];
  open: [given: { file: Blob; name: string }, answer: Ready];
  dataFile: [given: { part: "train" | "test" }, answer: string];
  saved: [given: Record<never, never>, answer: SavedRun | undefined];
  restore: [given: Record<never, never>, answer: void];
  /** Saves a file for the page of numbers, which opens next. */
  handOverFile: [NamedBlob, void];
  forget: [given: Record<never, never>, answer: void];
  handOver: [given: Record<never, never>, answer: unknown];
  takeOver: [given: { data: unknown }, answer: void];
}

/** What the worker reports unasked. */
export interface Events {
  ready: Ready;
  status: Status;
  /** Rows of the charts; with `isReset`, those before are dropped. */
  epochs: { rows: EpochRow[]; isReset: boolean };
  look: Look;
  /** There is nothing in the sentence that the network can read. */
  unreadable: Record<never, never>;
  weights: WeightMaps;
  evaluation: EvaluationReport;
  /** What the network writes, as it was last asked to. */
  written: { text: string; prompt: string };
  problem: { message: string };
  /** Why the browser cannot save the run. */
  notSaved: { reason: string };
  /** How far a large file is read, in bytes, or how many of its rows were looked at. */
  reading: Progress;
}
