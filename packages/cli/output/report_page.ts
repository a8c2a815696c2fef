/**
 * What the report of a training shows.
 *
 * @module
 */
import {
  type Backend,
  type Evaluation,
  type Example,
  type Model,
  traceText,
  type TrainEvent,
} from "@unroll/core";
import { htmlReport, type ReportData } from "./html_report.ts";
import { describeCount, wordsIn } from "./review.ts";
import { figure, LABEL, percent, printable } from "./terminal.ts";

const TRACES = 4; // sentences whose states are drawn
const WORDS = 61; // of each: one more than the page shows, so that it can say so

/** The page of a training, from what happened in it and what its model does on some examples. */
export async function reportPage(
  backend: Backend,
  model: Model,
  title: string,
  events: readonly TrainEvent[],
  evaluation: Evaluation,
  examples: readonly Example[],
): Promise<string> {
  const { config, vocabulary, labels } = model;
  const { accuracy, majority, loss, confusion, confused, wrong } = evaluation;
  const words = config.head === "token" ? wordsIn(evaluation.labels) : undefined;
  const traces = [];
  for (const { text, label } of interesting(examples, wrong)) {
    const { words, states, verdicts } = await traceText(backend, model, text, { maxWords: WORDS });
    traces.push({ text, truth: label, words, states, verdicts });
  }
  return htmlReport({
    title,
    facts: [
      ...networkFacts(model, events),
      ["Embedding size", config.embedding > 0 ? String(config.embedding) : "one-hot"],
      ["Prediction from", config.head],
      ["Vocabulary", `${vocabulary.length - 1} words`],
      ["Labels", String(labels.length)],
      ["Measured on", describeCount(examples.length, words)],
      ["Accuracy", percent(accuracy)],
      [
        "Majority-class baseline",
        `${percent(majority.accuracy)} (${printable(majority.label, LABEL)})`,
      ],
      ["Loss (nats)", figure(loss, 4)],
    ],
    ...curvesOf(events),
    labels,
    confusion,
    confused,
    wrong,
    traces,
  });
}

/** The rows of the curves, and the epoch to mark. */
export function curvesOf(events: readonly TrainEvent[]): Pick<ReportData, "epochs" | "bestEpoch"> {
  const epochs = events.filter((event) => event.type === "epoch");
  const validated = epochs.some(({ validation }) => validation);
  return {
    epochs: epochs.map(({ epoch, train, validation, test }) => ({
      epoch,
      train: train.loss,
      validation: validation?.loss,
      test: test?.loss,
      trainAccuracy: train.accuracy,
      validationAccuracy: validation?.accuracy,
      testAccuracy: test?.accuracy,
    })),
    bestEpoch: validated ? epochs.findLast(({ kept }) => kept)?.epoch : undefined,
  };
}

/** What a network is made of, and how long it was trained. */
export function networkFacts(
  { config }: Model,
  events: readonly TrainEvent[],
): ReportData["facts"] {
  return [
    [
      "Network",
      `${config.layers} × ${config.bidirectional ? "bidirectional " : ""}${config.cell}`,
    ],
    ["Hidden size", String(config.hidden)],
    ["Dropout", String(config.dropout)],
    ["Epochs", String(events.filter(({ type }) => type === "epoch").length)],
  ];
}

/** A few sentences, the first two that went wrong among them. */
function interesting(
  examples: readonly Example[],
  wrong: Evaluation["wrong"],
): readonly Example[] {
  const texts = new Set(wrong.slice(0, 2).map(({ text }) => text));
  const bad = examples.filter(({ text }) => texts.has(text)).slice(0, 2);
  const good = examples.filter(({ text }) => !texts.has(text));
  return [...good.slice(0, TRACES - bad.length), ...bad];
}
