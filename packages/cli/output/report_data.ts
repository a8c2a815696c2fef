/**
 * The data of the HTML report of a training run.
 *
 * @module
 */
import type { AnyModel, TrainEvent } from "@unroll/core";
import type { SeriesChart } from "./series_chart.ts";
import type { MarkedPiece } from "./why_view.ts";

/** The results of an epoch: losses in nats, accuracies from 0 to 1. */
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

/** A text, with the network's hidden states and predictions word by word. */
export interface TraceRow {
  /** The text. */
  text: string;
  /** The actual label. */
  label: string;
  /** The words; the page shows the first 60. */
  words: string[];
  /** The hidden state after each word. */
  states: number[][];
  /** The prediction after each word. */
  predictions: { label: string; probability: number }[];
}

/** A source text and its prediction, with the attention weights. */
export interface AlignmentRow {
  /** The source text. */
  text: string;
  /** The expected target text. */
  expected: string;
  /** The predicted target text. */
  predicted: string;
  /** The units of the source text. */
  source: string[];
  /** The units of the prediction. */
  target: string[];
  /** `weights[i][j]`: the attention weight of target unit i for source unit j. */
  weights: number[][];
}

/** A series, and a forecast of its end. */
export interface SeriesRow extends Omit<SeriesChart, "timeAt"> {
  /** The name of the series. */
  title: string;
  /** The time of each step. */
  times: readonly string[];
}

/** A table of results, with a title. */
export interface FigureTable<Cell extends string | MarkedPiece[] = string> {
  /** The title. */
  title: string;
  /** An explanation of the table. */
  about?: string;
  /** The names of the columns. */
  head: string[];
  /** The rows; the words of a text may be marked with their contributions to the prediction. */
  rows: Cell[][];
}

/** The parts of the report that depend on the task. */
export interface ReportParts {
  /** Settings and results. */
  facts: [name: string, value: string][];
  /** The labels; undefined for a model that predicts texts. */
  labels?: string[];
  /** `confusion[i][j]`: the number of examples of label i predicted as label j, if counted. */
  confusion?: number[][];
  /** The most confused pairs, the most frequent first. */
  confused?: { actual: string; predicted: string; count: number }[];
  /** The most confident mistakes. */
  mistakes?: MistakeRow[];
  /** A few texts with their states. */
  traces?: TraceRow[];
  /** Generated texts. */
  samples?: { title: string; text: string }[];
  /** A few texts with their attention weights. */
  alignments?: AlignmentRow[];
  /** Series with their forecasts. */
  series?: SeriesRow[];
  /** Further tables. */
  tables?: FigureTable<string | MarkedPiece[]>[];
  /** The title of the loss chart. Default: `"Loss (nats)"`. */
  lossName?: string;
  /** The title of the accuracy chart. Default: `"Accuracy"`. */
  accuracyName?: string;
  /** The metric to draw instead of the accuracy; it may be above 1. */
  figure?: string;
}

/** A mistake. */
export interface MistakeRow {
  /** The text. */
  text: string;
  /** The word in the text, if words have labels. */
  word?: string;
  /** The actual label or text. */
  actual: string;
  /** The predicted label or text. */
  predicted: string;
  /** The predicted probability of the prediction. */
  probability: number;
  /** The text, with its words marked with their contributions to the prediction. */
  marked?: MarkedPiece[];
}

/** The data of the report. */
export interface ReportData extends ReportParts {
  /** The title: the name of the data file. */
  title: string;
  /** The results of each epoch. */
  epochs: EpochRow[];
  /** The epoch whose weights the model has, if validation chose it. */
  bestEpoch?: number;
}

/** Returns the data of the report, from the events of the training run and the task's parts. */
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

/** Returns the values of the curves, and the epoch to mark. */
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

/** Returns the network's settings and the number of epochs. */
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

/** Returns the settings of an ensemble; none for a single network. */
function ensembleFact(events: readonly TrainEvent[]): ReportData["facts"] {
  const begun = events.find((event) => event.type === "network");
  if (!begun) return [];
  const { network, of, seed } = begun, first = seed - network + 1;
  return [[
    "Ensemble",
    `${of} networks, seeds ${first} to ${first + of - 1}; the curves are of network ${network}`,
  ]];
}

/** Returns the events of the first trained network. */
function firstNetwork(events: readonly TrainEvent[]): readonly TrainEvent[] {
  const starts = events.flatMap(({ type }, i) => type === "network" ? [i] : []);
  return events.slice(0, starts[1]);
}
