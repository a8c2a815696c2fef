/**
 * What the page and its worker say to each other of a run that was kept, and of memory.
 *
 * @module
 */
import type { CellName, MemoryTrace } from "@unroll/core/texts";
import type { Look } from "./picture_protocol.ts";
import type { Requests } from "./protocol.ts";
import type { EpochRow } from "./run_protocol.ts";
import type { Settings } from "./settings.ts";

/** A run that was kept beside the one that is there. */
export interface KeptRun {
  settings: Settings;
  /** How many epochs it has, and the rows of its charts. */
  epochs: number;
  rows: EpochRow[];
  parameters: number;
}

/** A text, and the label that is chosen for it. */
export interface AskedText {
  text: string;
  actual?: string;
}

/** How far each word of a text reaches in a network. */
export interface Memory extends MemoryTrace {
  /** The layer whose states are compared, from 0, and how many there are. */
  layer: number;
  layers: number;
  /** The network's cell. */
  cell: CellName;
  /** Whether the text goes on after these words. */
  isCut: boolean;
}

/** A sentence of the data in which a unit is high or low. */
export interface UnitSentence {
  text: string;
  /** The words around the place where it is so most. */
  words: string[];
  /** The unit's state after each of them. */
  values: number[];
  /** The place among them. */
  at: number;
  /** Whether there are words before and after these. */
  isCut: [before: boolean, after: boolean];
}

/** The sentences of the data in which a unit is highest and lowest. */
export interface UnitSentences {
  unit: number;
  layer: number;
  high: UnitSentence[];
  low: UnitSentence[];
  /** How many sentences were looked at, and how many there are. */
  count: number;
  of: number;
}

/** What the page may ask, of these as well. */
export interface AllRequests extends Requests {
  /** Keeps the run as it is now, beside the one that goes on. */
  keep: [given: Record<never, never>, answer: KeptRun];
  dropKept: [given: Record<never, never>, answer: void];
  /** The kept network over a text; none where it cannot read it. */
  lookAtKept: [given: AskedText, answer: Look | undefined];
  /** Of the network that is there and, where one was kept, of that. */
  memory: [given: AskedText & { layer: number }, answer: (Memory | undefined)[]];
  unitSentences: [given: { unit: number; layer: number }, answer: UnitSentences];
}
