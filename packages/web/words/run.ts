/**
 * The texts of the question that a network answers, and of a run: its steps word by word, and
 * discarding and restoring it.
 *
 * @module
 */
import { count, figure } from "./numbers.ts";

/** The texts. */
export const run = {
  question: {
    remove: (word: string) => `Remove “${word}”`,
    restore: (word: string) => `Put “${word}” back`,
    answer: "The network's answer",
    none: "–",
    noneHelp: "no known word",
  },
  walk: {
    name: "One step, word by word",
    stages: { read: "Read", loss: "Loss", back: "Gradient", change: "Weights" },
    sentence: (place: number, of: number, batch: number) =>
      batch > 1
        ? `Texts ${count(place)} to ${count(place + batch - 1)} of ${count(of)}; this is the first`
        : `Sentence ${count(place)} of ${count(of)}`,
    text: "This text",
    read: (word: string) => `It reads “${word}”, and its state changes.`,
    loss: (loss: string, actual: string | undefined) =>
      actual === undefined
        ? `The loss is ${loss}.`
        : `The right answer is ${actual}. The loss is ${loss}: the more confident a wrong answer, the larger.`,
    noLoss: "The loss compares the prediction with the right answer.",
    back:
      "The gradient of the loss flows back word by word, and says how each state should change.",
    change: (largest: number) =>
      `Each weight takes a small step against its gradient, of at most ${figure(largest)}.`,
    added: (name: string) => `What was added to ${name}`,
  },
  discard: {
    title: (epochs: number) => `Discard the run of ${count(epochs)} ${plural(epochs)}?`,
    note: "“Undo” brings it back, until the next run is discarded.",
    keep: "Keep",
    discard: "Discard",
  },
  over: {
    title: (epochs: number) => `All ${count(epochs)} ${plural(epochs)} are done.`,
    note: "Continue from here, or train again from scratch.",
    more: (epochs: number) => `${count(epochs)} more`,
    fresh: "Train from scratch",
    keep: "Cancel",
  },
  opened: {
    title: (name: string) => `Reset the network of ${name}?`,
    note: "Restore the weights of the file, or start with an untrained network.",
    file: "As in the file",
    fresh: "Untrained",
    keep: "Keep",
    close: "Use an untrained network instead",
    fixed: (name: string) => `Set by the model ${name}`,
  },
  undo: {
    name: "Undo",
    title: (epochs: number) => `Bring back the run of ${count(epochs)} ${plural(epochs)}`,
  },
  diverged: {
    failed: (rate: string) =>
      `The learning rate of ${rate} was too high: the loss or a weight became infinite.`,
    growing: (from: string, to: string, rate: string) =>
      `The loss has grown from ${from} to ${to}: the learning rate of ${rate} is too high.`,
    lower: (rate: string) => `Continue with ${rate}`,
    ignore: "Ignore",
  },
  notSaved: (reason: string) =>
    `This run will be lost when the tab closes: ${reason}. Save the model to keep it.`,
  changed: (names: string) =>
    `${names} changed during training: this command repeats the run without that change.`,
};

function plural(epochs: number): string {
  return epochs === 1 ? "epoch" : "epochs";
}
