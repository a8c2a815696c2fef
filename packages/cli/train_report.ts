/**
 * What training says while it runs: a table for people, or a line of JSON for each event.
 *
 * @module
 */
import type { Example, Model, TrainEvent, Verdict } from "@unroll/core";
import { duration, percent, printable, StatusLine } from "./terminal.ts";

/** What the train command tells, as it happens. */
export interface Report {
  /** Training begins. */
  start(model: Model): void;
  /** Something happened in training. */
  event(event: TrainEvent): void;
  /** What the model says of a few examples. */
  verdicts(verdicts: readonly Verdict[], examples: readonly Example[]): void;
  /** The model was saved. */
  saved(path: string): void;
  /** It is over, well or not. */
  end(): void;
}

const ROWS = 10;
const COLUMNS = [6, 13, 11, 13, 11]; // characters: epoch, loss and accuracy twice

/** A table with about ten rows, and a line below it that tells how far it is. */
export function tableReport(
  examples: readonly Example[],
  heldOut: readonly Example[],
  epochs: number,
): Report {
  const status = new StatusLine();
  const every = Math.max(1, Math.ceil(epochs / ROWS));
  const began = performance.now();
  const row = (cells: string[]) => {
    status.clear();
    console.log(cells.map((cell, i) => cell.padStart(COLUMNS[i])).join(""));
  };
  return {
    start({ config, vocabulary, labels }) {
      const held = heldOut.length > 0 ? `, ${heldOut.length} more held out` : "";
      console.log(
        `Training an ${config.cell} of ${config.hidden} units on ${examples.length} sentences` +
          `${held}: ${vocabulary.length - 1} words, ${labels.length} labels.\n`,
      );
      const test = heldOut.length > 0 ? ["test loss", "accuracy"] : [];
      row(["epoch", "train loss", "accuracy", ...test]);
    },
    event(event) {
      if (event.type === "progress") {
        const seconds = (performance.now() - began) / 1000;
        const done = (event.epoch - 1) * event.of + event.done;
        const left = seconds * (epochs * event.of - done) / done;
        status.show(
          `epoch ${event.epoch} of ${epochs}, ${(done / seconds).toFixed(0)} sentences/s, ` +
            `${duration(left)} left`,
        );
      } else if (event.type === "stopped") {
        status.clear();
        console.log(`\nStopped in epoch ${event.epoch}, after ${event.done} of its sentences.`);
      } else if (event.epoch % every === 0 || event.epoch === epochs) {
        const { train, test } = event;
        const cells = [train, test].flatMap((m) =>
          m ? [m.loss.toFixed(4), percent(m.accuracy)] : []
        );
        row([String(event.epoch), ...cells]);
      }
    },
    verdicts(verdicts, examples) {
      status.clear();
      console.log();
      const width = Math.max(...verdicts.map(({ label }) => printable(label).length));
      for (const [i, { text, label, probabilities }] of verdicts.entries()) {
        const wrong = label === examples[i].label ? "" : `  (is ${printable(examples[i].label)})`;
        const verdict = `${printable(label).padEnd(width)}  ${percent(probabilities[label])}`;
        console.log(`  ${verdict}  ${printable(text)}${wrong}`);
      }
    },
    saved(path) {
      const seconds = (performance.now() - began) / 1000;
      console.log(`\nSaved ${path} after ${duration(seconds)}. Ask it:`);
      const { text } = examples[0];
      const question = /^[\p{L}\p{N} ]{1,60}$/u.test(text) ? text : "your text"; // safe in a shell
      console.log(`  deno task predict --model ${path} "${question}"`);
    },
    end: () => status.clear(),
  };
}

/** One JSON object a line, for every epoch, verdict and file. */
export function jsonReport(): Report {
  const print = (value: unknown) => console.log(JSON.stringify(value));
  return {
    start: ({ config, vocabulary, labels }) =>
      print({ type: "start", config, words: vocabulary.length - 1, labels }),
    event(event) {
      if (event.type !== "progress") print(event);
    },
    verdicts(verdicts, examples) {
      for (const [i, { text, label, probabilities }] of verdicts.entries()) {
        print({ type: "verdict", text, expected: examples[i].label, label, probabilities });
      }
    },
    saved: (path) => print({ type: "saved", model: path }),
    end() {},
  };
}
