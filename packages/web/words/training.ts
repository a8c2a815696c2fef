/**
 * The texts of training and evaluation.
 *
 * @module
 */
import { count } from "./numbers.ts";

/** The texts. */
export const training = {
  transport: {
    name: "Training",
    play: "Start training",
    again: "Train from scratch",
    pause: "Pause training",
    step: "One step",
    epoch: "One epoch",
    reset: "Reset",
    pace: "Speed",
    paces: { slow: "slow", watch: "normal", full: "full" },
    facts: {
      epoch: "epoch",
      loss: "loss",
      accuracy: "accuracy",
      speed: "speed",
      left: "time left",
    },
    ofEpochs: (epochs: number) => `of ${count(epochs)}`,
    sets: { test: "test", validation: "valid.", train: "train" },
    speed: (perSecond: number) =>
      perSecond >= 10
        ? `${count(Math.round(perSecond))} epochs/s`
        : `${perSecond.toFixed(1)} epochs/s`,
    left: (seconds: number) =>
      seconds < 1
        ? "under 1 s"
        : seconds < 100
        ? `${Math.round(seconds)} s`
        : seconds < 6000
        ? `${Math.round(seconds / 60)} min`
        : `${(seconds / 3600).toFixed(1)} h`,
    phases: {
      fresh: "Untrained. Press play to train.",
      shipped: "Already trained. Press play to train it from scratch.",
      opened: (name: string, hasData: boolean) =>
        hasData
          ? `The network of ${name}. Press play to continue training.`
          : `The network of ${name}. To continue training, choose data with its labels.`,
      running: "Training.",
      paused: (epoch: number, done: number, of: number) =>
        done > 0
          ? `Paused in epoch ${count(epoch)}, at ${count(done)}${of > 0 ? ` of ${count(of)}` : ""}.`
          : `Paused after epoch ${count(epoch - 1)}.`,
      done: (epochs: number) => `Done: ${count(epochs)} epochs. Increase Epochs to continue.`,
      patience: (best: number | undefined) =>
        best
          ? `Stopped early: no improvement. Kept the weights of epoch ${count(best)}.`
          : "Stopped early: no improvement.",
      failed: "Stopped. The network has its last good weights.",
    },
  },
  learning: {
    title: "Learning",
    loss: "Loss",
    lossAxis: "nats",
    accuracy: "Accuracy",
    epochAxis: "epoch",
    series: { train: "train", validation: "validation", test: "test" },
    none: "Nothing yet. Press play to train.",
    summary: (name: string, parts: string[]) =>
      `${name} by epoch. Last epoch: ${parts.join(", ")}.`,
  },
  evaluation: {
    title: "Confusion matrix",
    lede: {
      test: (n: number) => `On ${count(n)} test sentences. Rows are actual labels.`,
      validation: (n: number) => `On ${count(n)} validation sentences. Rows are actual labels.`,
      train: (n: number) => `On ${count(n)} training sentences. Rows are actual labels.`,
    },
    actual: "actual",
    mistakes: "Most confident mistakes",
    titleTexts: "Perplexity",
    titlePairs: "Accuracy",
    texts: (bits: string, unit: string, perplexity: string, right: string) =>
      `Perplexity ${perplexity}, or ${bits} bits for each of the ${unit}. Accuracy ${right}.`,
    pairs: (exact: string, symbols: string) =>
      `Exact match ${exact}. With teacher forcing, ${symbols} of the symbols are right.`,
    ledePlain: {
      test: (n: number) => `On ${count(n)} test texts.`,
      validation: (n: number) => `On ${count(n)} validation texts.`,
      train: (n: number) => `On ${count(n)} training texts.`,
    },
    gives: "predicted",
    allRight: "None: every prediction is right.",
    predicted: "predicted",
    is: "actual",
    cell: (n: number, actual: string, predicted: string) =>
      `${n} ${actual}, predicted as ${predicted}`,
    cut: (shown: number, all: number) => `The ${shown} most frequent of ${all} labels.`,
    majority: (label: string, share: string) =>
      `Always predicting ${label} (the majority class) has an accuracy of ${share}.`,
    look: (text: string) => `Show “${text}” in the picture`,
  },
};
