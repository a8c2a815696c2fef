/**
 * The texts of the comparison of two runs.
 *
 * @module
 */
import { cells } from "./cells.ts";
import { count } from "./numbers.ts";

/** The texts. */
export const compare = {
  keep: "Keep this run",
  keepHelp: "Compares its curves, picture and memory with those of the next run",
  pair: "RNN vs. LSTM",
  pairHelp:
    "Trains both on sentences whose first word decides the label, and shows them side by side",
  cell: (cell: string) => cells[cell] ?? cell,
  first: "1 of 2: the RNN is trained first.",
  second:
    "2 of 2: the LSTM learns the same task, with the same settings. An RNN takes longer to learn " +
    "it, or never does.",
  title: "Two runs",
  kept: "Kept",
  now: "Now",
  setting: "setting",
  epochs: "Epochs",
  of: (epoch: number, epochs: number) =>
    epoch < epochs ? `${count(epoch)} of ${count(epochs)}` : count(epoch),
  parameters: "Weights",
  data: "Data",
  loss: { test: "Test loss", validation: "Validation loss", train: "Training loss" },
  accuracy: {
    test: "Test accuracy",
    validation: "Validation accuracy",
    train: "Training accuracy",
  },
  remove: "Remove the kept run",
  line: "kept",
  picture: "The kept network on the same sentence",
  unreadable: "The kept network cannot read this text.",
};
