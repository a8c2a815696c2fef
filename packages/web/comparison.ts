/**
 * Messages between the page and its worker about a kept run and about memory.
 *
 * @module
 */
import type { CellName, MemoryTrace } from "@unroll/core/texts";
import type { Look } from "./picture_protocol.ts";
import type { Requests } from "./protocol.ts";
import type { EpochRow } from "./run_protocol.ts";
import type { Settings } from "./settings.ts";

/** A run kept for comparison with the current one. */
export interface KeptRun {
  settings: Settings;
  /** The number of epochs trained, and the rows of its charts. */
  epochs: number;
  rows: EpochRow[];
  parameters: number;
}

/** A text, and the label chosen for it. */
export interface AskedText {
  text: string;
  actual?: string;
}

/** How far each word of a text reaches in a network. */
export interface Memory extends MemoryTrace {
  /** The layer whose states are compared, from 0, and the number of layers. */
  layer: number;
  layers: number;
  /** The network's cell. */
  cell: CellName;
  /** Whether the text continues after these words. */
  isCut: boolean;
}

/** A sentence of the data in which a unit's state is high or low. */
export interface UnitSentence {
  text: string;
  /** The words around the place of the extreme state. */
  words: string[];
  /** The unit's state after each of them. */
  values: number[];
  /** The index of the extreme state among them. */
  at: number;
  /** Whether the sentence has words before and after these. */
  isCut: [before: boolean, after: boolean];
}

/** The sentences of the data in which a unit's state is highest and lowest. */
export interface UnitSentences {
  unit: number;
  layer: number;
  high: UnitSentence[];
  low: UnitSentence[];
  /** How many sentences were searched, and how many there are. */
  count: number;
  of: number;
}

/** All requests to the worker, including those about the kept run. */
export interface AllRequests extends Requests {
  /** Keeps the run as it is now, while the current one continues. */
  keep: [given: Record<never, never>, answer: KeptRun];
  dropKept: [given: Record<never, never>, answer: void];
  /** Runs the kept network on a text; undefined if it cannot read the text. */
  lookAtKept: [given: AskedText, answer: Look | undefined];
  /** Traces memory in the current network and, if a run was kept, in the kept one. */
  memory: [given: AskedText & { layer: number }, answer: (Memory | undefined)[]];
  unitSentences: [given: { unit: number; layer: number }, answer: UnitSentences];
}
