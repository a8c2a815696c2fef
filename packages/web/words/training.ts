/**
 * The words of training and of how well it goes.
 *
 * @module
 */
import { count } from "./numbers.ts";

/** The words. */
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
    paces: { slow: "slow, word by word", watch: "normal", full: "full" },
    facts: {
      epoch: "epoch",
      loss: "loss",
      accuracy: "accuracy",
      speed: "speed",
      left: "time left",
    },
    ofEpochs: (epochs: number) => `of ${count(epochs)}`,
    sets: { test: "test", validation: "validation", train: "train" },
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
      opened: (name: string) => `The network of ${name}. Press play to continue training.`,
      running: "Training.",
      paused: (epoch: number, done: number, of: number) =>
        done > 0 && of > 0
          ? `Paused in epoch ${count(epoch)}, at ${count(done)} of ${count(of)}.`
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
    download: (name: string) => `Download the chart “${name}” as SVG`,
    save: "SVG",
    none: "Nothing yet. Press start.",
    summary: (name: string, parts: string[]) =>
      `${name} by epoch. At the last: ${parts.join(", ")}.`,
  },
  evaluation: {
    title: "What it takes for what",
    lede: {
      test: (n: number) => `On ${count(n)} sentences held out of training. Rows are the truth.`,
      validation: (n: number) => `On ${count(n)} sentences set aside. Rows are the truth.`,
      train: (n: number) => `On ${count(n)} sentences it learns from. Rows are the truth.`,
    },
    actual: "truth",
    mistakes: "Wrong, and surest of it",
    titleTexts: "How well it predicts",
    titlePairs: "Where it is wrong",
    texts: (bits: string, unit: string, perplexity: string, right: string) =>
      `${bits} bits for each of the ${unit}, a perplexity of ${perplexity}. The most likely one is right in ${right}.`,
    pairs: (exact: string, symbols: string) =>
      `${exact} of the texts are right as a whole, and ${symbols} of the symbols after right ones.`,
    ledePlain: {
      test: (n: number) => `On ${count(n)} held out of training.`,
      validation: (n: number) => `On ${count(n)} set aside.`,
      train: (n: number) => `On ${count(n)} that it learns from.`,
    },
    gives: "gives",
    allRight: "Nothing is wrong: every one of them is right.",
    predicted: "says",
    is: "is",
    cell: (n: number, actual: string, predicted: string) =>
      `${n} that are ${actual}, taken for ${predicted}`,
    cut: (shown: number, all: number) => `The ${shown} most frequent of ${all} labels.`,
    majority: (label: string, share: string) =>
      `Always saying ${label} would be right in ${share}.`,
    look: (text: string) => `Show “${text}” in the picture`,
  },
};
