/**
 * What training says while it runs: a table for people, or a line of JSON for each event.
 *
 * @module
 */
import type { Example, Metrics, Model, TrainEvent } from "@unroll/core";
import { duration, StatusLine } from "./terminal.ts";

/** The same for people and for programs. */
export interface Told {
  /** Lines of text. */
  lines: string[];
  /** Objects to print as JSON. */
  records: unknown[];
}

/** What the table of a training shows. */
export interface Table {
  /** The line above it. */
  start: string;
  /** What JSON says of that. */
  record: object;
  /** What is counted: sentences, characters, pairs. */
  unit: string;
  /** What the columns for a set of examples are called, the loss first. */
  columns: string[];
  /** What stands in them; of the training examples not all may be measured. */
  cells(metrics: Metrics): string[];
}

/** What the train command tells, as it happens. */
export interface Report {
  /** Training begins. */
  start(model: Model): void;
  /** Something happened in training; gives whether it was shown as a row. */
  event(event: TrainEvent): boolean;
  /** Something is told between or after. */
  tell(told: Told): void;
  /** The model was saved, and perhaps a page; the hint is what to call next. */
  saved(path: string, hint: string, page?: string): void;
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

/** The network of a model, with its article. */
export function nameOf({ config }: Model): string {
  const kind = `${config.bidirectional ? "bidirectional " : ""}${config.cell}`;
  const layers = config.layers > 1 ? ` in ${config.layers} layers` : "";
  return `${/^[rl]/.test(kind) ? "an" : "a"} ${kind} of ${config.hidden} units${layers}`;
}

/** How much there is of each set. */
export function countsOf(
  unit: string,
  { examples, validation, heldOut }: Sets,
  count: (set: readonly Example[]) => number = (set) => set.length,
): string {
  const number = (set: readonly Example[]) => {
    const n = count(set);
    return n < 10_000 ? String(n) : n.toLocaleString("en");
  };
  return [
    `${number(examples)} ${unit}`,
    validation.length > 0 ? `${number(validation)} more to choose by` : "",
    heldOut.length > 0 ? `${number(heldOut)} more held out` : "",
  ].filter(Boolean).join(", ");
}

const ROWS = 10;

/** A table with about ten rows, and a line below it that tells how far it is. */
export function tableReport(
  { start, unit, columns, cells }: Table,
  { validation, heldOut }: Sets,
  epochs: number,
): Report {
  const status = new StatusLine();
  const every = Math.max(1, Math.ceil(epochs / ROWS));
  const hasChoice = validation.length > 0;
  // With validation it ends by itself, as a rule soon.
  const isShown = (epoch: number) =>
    epoch % every === 0 || epoch === epochs || (hasChoice && epoch <= 2 * ROWS);
  const began = performance.now();
  let first: number | undefined; // epochs done before: a resumed run has some
  const sets = ["train", ...(hasChoice ? ["valid."] : []), ...(heldOut.length > 0 ? ["test"] : [])];
  const names = [
    "epoch",
    ...sets.flatMap((set) => columns.map((name, i) => i === 0 ? `${set} ${name}` : name)),
  ];
  const row = (cells: string[]) => {
    status.clear();
    const widthOf = (name: string, i: number) =>
      i === 0 ? 6 : Math.max((i - 1) % columns.length === 0 ? 13 : 11, name.length + 2);
    console.log(cells.map((cell, i) => cell.padStart(widthOf(names[i], i))).join(""));
  };
  const log = (text: string) => {
    status.clear();
    console.log(text);
  };
  return {
    start() {
      console.log(`${start}\n`);
      row(names);
    },
    event(event) {
      if (event.type === "progress") {
        first ??= event.epoch - 1;
        const seconds = (performance.now() - began) / 1000;
        const done = (event.epoch - 1 - first) * event.of + event.done;
        const left = seconds * ((epochs - first) * event.of - done) / done;
        status.show(
          `epoch ${event.epoch} of ${hasChoice ? "at most " : ""}${epochs}, ` +
            `${(done / seconds).toFixed(0)} ${unit}/s, ` +
            `${hasChoice ? "at most " : ""}${duration(left)} left`,
        );
      } else if (event.type === "stopped") {
        const best = event.best ? ` The model is that of epoch ${event.best}, the best.` : "";
        log(
          event.reason === "patience"
            ? `\nEnded after epoch ${event.epoch}, as nothing became better.${best}`
            : `\nStopped in epoch ${event.epoch}, after ${event.done} of its ${unit}.${best}`,
        );
      } else if (event.type === "epoch" && isShown(event.epoch)) {
        const { train, validation, test } = event;
        row([String(event.epoch), ...[train, validation, test].flatMap((m) => m ? cells(m) : [])]);
        return true;
      }
      return false;
    },
    tell({ lines }) {
      for (const line of lines) log(line);
    },
    saved(path, hint, page) {
      const seconds = (performance.now() - began) / 1000;
      if (page !== undefined) console.log(`\nThe report is in ${page}.`);
      console.log(`\nSaved ${path} after ${duration(seconds)}. Ask it:\n  ${hint}`);
    },
    end: () => status.clear(),
  };
}

/** One JSON object a line, for every epoch, verdict and file. */
export function jsonReport({ record }: Table): Report {
  const print = (value: unknown) => console.log(JSON.stringify(value));
  return {
    start: ({ config }) => print({ type: "start", config, ...record }),
    event(event) {
      if (event.type !== "progress" && event.type !== "checkpoint") print(event);
      return event.type === "epoch";
    },
    tell: ({ records }) => records.forEach(print),
    saved: (path, _, page) => print({ type: "saved", model: path, report: page }),
    end() {},
  };
}
