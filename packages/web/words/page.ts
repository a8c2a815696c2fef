/**
 * The texts of the whole page: its frame, its files, its errors.
 *
 * @module
 */
import { count } from "./numbers.ts";

/** The texts. */
export const page = {
  page: {
    title: "Unroll: watch a recurrent network learn",
    skip: "Skip to the network",
    name: "Unroll",
    playground: "playground",
    pages: { label: "Pages", texts: "Texts", numbers: "Numbers" },
    lede:
      "Watch a recurrent network learn, word by word. It trains in this tab; nothing is sent anywhere.",
    foot: "The page runs the same core as the command line: the same seed gives the same weights.",
  },
  files: {
    open: "Open a model",
    save: "Save the model",
    link: "Copy link",
    command: "Copy command",
    copied: "Copied.",
    copy: "Select and copy",
    commandTitle: "The same run on the command line",
    modelName: "model.safetensors",
    saved: (name: string, writes: boolean) =>
      writes
        ? `Saved as ${name}. Generate text: deno task generate --model ${name}`
        : `Saved as ${name}. Predict with it: deno task predict --model ${name} "…"`,
    opened: (name: string) => `${name} is open. Try it, or continue training.`,
    tooLong: (length: number, most: number) =>
      `Only the first ${count(most)} of ${count(length)} characters were pasted, the most that ` +
      "the page reads.",
    preparing: "Preparing the network…",
    notHere: (data: string, test?: string) =>
      `Save the data first, as ${data}, with “Download the data”` +
      (test === undefined ? "." : `, and the test data, as ${test}.`),
  },
  resume: {
    offer: (set: string, epoch: number, epochs: number, when: string) =>
      `You were training on “${set}”: epoch ${count(epoch)} of ${count(epochs)}, ${when}.`,
    go: "Restore",
    no: "Discard",
    justNow: "just now",
    minutes: (n: number) => (n === 1 ? "a minute ago" : `${n} minutes ago`),
    hours: (n: number) => (n === 1 ? "an hour ago" : `${n} hours ago`),
    days: (n: number) => (n === 1 ? "yesterday" : `${n} days ago`),
  },
  tour: { start: "Take the tour" },
};
