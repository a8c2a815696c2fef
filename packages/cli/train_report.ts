/**
 * What training says while it runs: a table for people, or a line of JSON for each event.
 *
 * @module
 */
import type { Evaluation, Example, Model, Tag, TrainEvent, Verdict } from "@unroll/core";
import { duration, percent, printable, StatusLine } from "./terminal.ts";

/** What the train command tells, as it happens. */
export interface Report {
  /** Training begins. */
  start(model: Model): void;
  /** Something happened in training. */
  event(event: TrainEvent): void;
  /** What the model says of a few examples. */
  verdicts(verdicts: readonly Verdict[], examples: readonly Example[]): void;
  /** What a model that labels words says of a few examples. */
  tags(tags: readonly Tag[][], examples: readonly Example[]): void;
  /** How good the model is on so many examples: held back for validation, test or training ones. */
  review(evaluation: Evaluation, on: "held" | "test" | "training", count: number): void;
  /** The model was saved, and perhaps a page. */
  saved(path: string, example: Example, page?: string): void;
  /** It is over, well or not. */
  end(): void;
}

/** The examples of a run. */
export interface Sets {
  /** Those it learns. */
  examples: readonly Example[];
  /** Those it chooses by. */
  validation: readonly Example[];
  /** Those it only measures. */
  heldOut: readonly Example[];
}

const ROWS = 10;
const COLUMNS = [6, 13, 11, 13, 11, 13, 11]; // characters: epoch, then loss and accuracy
const SHOWN = 5; // confused pairs and wrong verdicts that are told

/** A table with about ten rows, and a line below it that tells how far it is. */
export function tableReport({ examples, validation, heldOut }: Sets, epochs: number): Report {
  const status = new StatusLine();
  const every = Math.max(1, Math.ceil(epochs / ROWS));
  // With validation it ends by itself, as a rule soon.
  const isShown = (epoch: number) =>
    epoch % every === 0 || epoch === epochs || (validation.length > 0 && epoch <= 2 * ROWS);
  const began = performance.now();
  let first: number | undefined; // epochs done before: a resumed run has some
  const row = (cells: string[]) => {
    status.clear();
    console.log(cells.map((cell, i) => cell.padStart(COLUMNS[i])).join(""));
  };
  return {
    start({ config, vocabulary, labels }) {
      const kind = `${config.bidirectional ? "bidirectional " : ""}${config.cell}`;
      const layers = config.layers > 1 ? ` in ${config.layers} layers` : "";
      const counts = [
        `${examples.length} sentences`,
        validation.length > 0 ? `${validation.length} more to choose by` : "",
        heldOut.length > 0 ? `${heldOut.length} more held out` : "",
      ];
      console.log(
        `Training ${/^[rl]/.test(kind) ? "an" : "a"} ${kind} of ` +
          `${config.hidden} units${layers} on ${counts.filter(Boolean).join(", ")}: ` +
          `${vocabulary.length - 1} words, ${labels.length} labels.\n`,
      );
      const names = ["epoch", "train loss", "accuracy"];
      if (validation.length > 0) names.push("valid. loss", "accuracy");
      if (heldOut.length > 0) names.push("test loss", "accuracy");
      row(names);
    },
    event(event) {
      if (event.type === "progress") {
        first ??= event.epoch - 1;
        const seconds = (performance.now() - began) / 1000;
        const done = (event.epoch - 1 - first) * event.of + event.done;
        const left = seconds * ((epochs - first) * event.of - done) / done;
        status.show(
          `epoch ${event.epoch} of ${validation.length > 0 ? "at most " : ""}${epochs}, ` +
            `${(done / seconds).toFixed(0)} sentences/s, ` +
            `${validation.length > 0 ? "at most " : ""}${duration(left)} left`,
        );
      } else if (event.type === "stopped") {
        status.clear();
        const best = event.best ? ` The model is that of epoch ${event.best}, the best.` : "";
        console.log(
          event.reason === "patience"
            ? `\nEnded after epoch ${event.epoch}, as nothing became better.${best}`
            : `\nStopped in epoch ${event.epoch}, after ${event.done} of its sentences.${best}`,
        );
      } else if (event.type === "epoch" && isShown(event.epoch)) {
        const { train, validation, test } = event;
        const cells = [train, validation, test].flatMap((m) =>
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
    tags(tags, examples) {
      status.clear();
      console.log();
      for (const [i, words] of tags.entries()) {
        const truth = examples[i].label.trim().split(/\s+/);
        const shown = words.map(({ word, label }, t) =>
          `${printable(word)}/${printable(label)}` +
          (label === truth[t] ? "" : `(is ${printable(truth[t])})`)
        );
        console.log(`  ${shown.join(" ")}`);
      }
    },
    review({ accuracy, majority, confused, wrong }, on, count) {
      const set = on === "held" ? "sentences it was chosen by" : `${on} sentences`;
      console.log(
        `\nOn the ${count} ${set}: accuracy ${percent(accuracy)}; ` +
          `${percent(majority.accuracy)} for always saying ${printable(majority.label)}.`,
      );
      if (confused.length > 0) {
        const pairs = confused.slice(0, SHOWN).map(({ truth, verdict, count }) =>
          `${printable(truth)} for ${printable(verdict)} (${count})`
        );
        console.log(`Most often takes ${pairs.join(", ")}.`);
      }
      if (wrong.length > 0) console.log("Wrong, and surest of it:");
      for (const { text, word, truth, verdict, probability } of wrong.slice(0, SHOWN)) {
        const what = word === undefined ? "" : `${printable(word)}: `;
        const said = `${what}${printable(verdict)}  ${percent(probability)}`;
        console.log(`  ${said}  ${printable(text)}  (is ${printable(truth)})`);
      }
    },
    saved(path, { text }, page) {
      const seconds = (performance.now() - began) / 1000;
      if (page !== undefined) console.log(`\nThe report is in ${page}.`);
      console.log(`\nSaved ${path} after ${duration(seconds)}. Ask it:`);
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
      if (event.type !== "progress" && event.type !== "checkpoint") print(event);
    },
    verdicts(verdicts, examples) {
      for (const [i, { text, label, probabilities }] of verdicts.entries()) {
        print({ type: "verdict", text, expected: examples[i].label, label, probabilities });
      }
    },
    tags(tags, examples) {
      for (const [i, words] of tags.entries()) {
        print({ type: "tags", text: examples[i].text, expected: examples[i].label, words });
      }
    },
    review: ({ accuracy, majority, confused, wrong }, on, count) =>
      print({ type: "review", on, sentences: count, accuracy, majority, confused, wrong }),
    saved: (path, _, page) => print({ type: "saved", model: path, report: page }),
    end() {},
  };
}
