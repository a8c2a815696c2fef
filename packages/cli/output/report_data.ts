/**
 * What the report of a training shows.
 *
 * @module
 */
import type { AnyModel, TrainEvent } from "@unroll/core";
import type { SeriesChart } from "./series_chart.ts";
import type { MarkedPiece } from "./why_view.ts";

/** What an epoch came to: losses in nats, accuracies from 0 to 1. */
export interface EpochRow {
  /** The epoch, from 1. */
  epoch: number;
  /** The loss on the training examples. */
  train: number;
  /** The loss on the validation examples, if there are any. */
  validation?: number;
  /** The loss on the test examples, if there are any. */
  test?: number;
  /** The accuracy on the training examples. */
  trainAccuracy: number;
  /** The accuracy on the validation examples. */
  validationAccuracy?: number;
  /** The accuracy on the test examples. */
  testAccuracy?: number;
}

/** A text, and what the network made of it word by word. */
export interface TraceRow {
  /** The text. */
  text: string;
  /** Its label. */
  label: string;
  /** Its words; the page shows the first 60. */
  words: string[];
  /** The state after each word. */
  states: number[][];
  /** The prediction after each word. */
  predictions: { label: string; probability: number }[];
}

/** A text, and where the model looked for each symbol that it gave for it. */
export interface AlignmentRow {
  /** The text. */
  text: string;
  /** What it should have given. */
  expected: string;
  /** What it gave. */
  predicted: string;
  /** The text's symbols. */
  source: string[];
  /** The symbols that it gave. */
  target: string[];
  /** `weights[i][j]`: for symbol i of what it gave, at symbol j of the text. */
  weights: number[][];
}

/** A series, and a forecast of its end. */
export interface SeriesRow extends Omit<SeriesChart, "timeAt"> {
  /** What it is called. */
  title: string;
  /** The time of each step. */
  times: readonly string[];
}

/** Figures in rows, with a title. */
export interface FigureTable<Cell extends string | MarkedPiece[] = string> {
  /** The title. */
  title: string;
  /** What to know of them. */
  about?: string;
  /** The names of the columns. */
  head: string[];
  /** The rows; the words of a text may be marked with their shares in its prediction. */
  rows: Cell[][];
}

/** What of a page depends on the task. */
export interface ReportParts {
  /** Settings and figures. */
  facts: [name: string, value: string][];
  /** The labels; none for a model that gives texts. */
  labels?: string[];
  /** `confusion[i][j]`: how many examples of label i are given label j, if they were counted. */
  confusion?: number[][];
  /** The most confused pairs, the most frequent first. */
  confused?: { actual: string; predicted: string; count: number }[];
  /** The most confident mistakes. */
  mistakes?: MistakeRow[];
  /** A few texts with their states. */
  traces?: TraceRow[];
  /** Texts that the model has written. */
  samples?: { title: string; text: string }[];
  /** A few texts with what it looked at for each symbol that it gave. */
  alignments?: AlignmentRow[];
  /** Series with their forecasts. */
  series?: SeriesRow[];
  /** Further tables. */
  tables?: FigureTable<string | MarkedPiece[]>[];
  /** What the loss is called. Default: `"Loss (nats)"`. */
  lossName?: string;
  /** What the accuracies are called. Default: `"Accuracy"`. */
  accuracyName?: string;
  /** The figure of an epoch that takes the place of the accuracy, which may be above 1. */
  figure?: string;
}

/** A mistake. */
export interface MistakeRow {
  /** The text. */
  text: string;
  /** The word in it, where words have labels. */
  word?: string;
  /** The right label, or text. */
  actual: string;
  /** The predicted one. */
  predicted: string;
  /** The probability that the model gave it. */
  probability: number;
  /** The text, its words marked with their shares in the prediction. */
  marked?: MarkedPiece[];
}

/** What the page shows. */
export interface ReportData extends ReportParts {
  /** What was learned: a file's name. */
  title: string;
  /** One for each epoch. */
  epochs: EpochRow[];
  /** The epoch whose weights the model has, where validation chose it. */
  bestEpoch?: number;
}

/** What the page of a training shows, from what happened in it and the parts of its task. */
export function reportData(
  model: AnyModel,
  title: string,
  events: readonly TrainEvent[],
  parts: ReportParts,
): ReportData {
  return {
    ...parts,
    title,
    ...curvesOf(events, parts.figure),
    facts: [...networkFacts(model, events), ...parts.facts],
  };
}

/** The rows of the curves, and the epoch to mark. */
function curvesOf(
  events: readonly TrainEvent[],
  figure = "accuracy",
): Pick<ReportData, "epochs" | "bestEpoch"> {
  const epochs = firstNetwork(events).filter((event) => event.type === "epoch")
    .filter((event) => !event.refit);
  const validated = epochs.some(({ validation }) => validation);
  return {
    epochs: epochs.map(({ epoch, train, validation, test }) => ({
      epoch,
      train: train.loss,
      validation: validation?.loss,
      test: test?.loss,
      trainAccuracy: train[figure],
      validationAccuracy: validation?.[figure],
      testAccuracy: test?.[figure],
    })),
    bestEpoch: validated ? epochs.findLast(({ kept }) => kept)?.epoch : undefined,
  };
}

/** What a network is made of, and how long it was trained. */
function networkFacts(
  { config }: AnyModel,
  events: readonly TrainEvent[],
): ReportData["facts"] {
  return [
    ...ensembleFact(events),
    [
      "Network",
      `${config.layers} × ${config.bidirectional ? "bidirectional " : ""}${config.cell}`,
    ],
    ["Hidden size", String(config.hidden)],
    ["Dropout", String(config.dropout)],
    ["Epochs", String(events.filter(({ type }) => type === "epoch").length)],
  ];
}

/** What an ensemble is made of; nothing of a single network. */
function ensembleFact(events: readonly TrainEvent[]): ReportData["facts"] {
  const begun = events.find((event) => event.type === "network");
  if (!begun) return [];
  const { network, of, seed } = begun, first = seed - network + 1;
  return [[
    "Ensemble",
    `${of} networks, seeds ${first} to ${first + of - 1}; the curves are of network ${network}`,
  ]];
}

/** The events of one network: of an ensemble the first that was trained. */
function firstNetwork(events: readonly TrainEvent[]): readonly TrainEvent[] {
  const starts = events.flatMap(({ type }, i) => type === "network" ? [i] : []);
  return events.slice(0, starts[1]);
}
