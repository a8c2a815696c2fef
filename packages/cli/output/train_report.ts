/**
 * The output of a training run: a table, or a line of JSON for each event.
 *
 * @module
 */
import type { AnyModel, Example, Metrics, Model, Sequence, TrainEvent } from "@unroll/core";
import {
  duration,
  padStart,
  print,
  printable,
  printJson,
  type StatusLine,
  statusLine,
} from "./terminal.ts";

/** The same output as text and as JSON. */
export interface Output {
  /** Lines of text. */
  lines: string[];
  /** Objects to print as JSON. */
  records: unknown[];
}

/** The table of a training run. */
export interface Table {
  /** The line above the table. */
  start: string;
  /** The content of that line as JSON. */
  record: object;
  /** The unit of counts: sentences, characters or pairs. */
  unit: string;
  /** The names of the columns for a set of examples, the loss first. */
  columns: string[];
  /** Returns the cells of these columns; the training examples may have fewer metrics. */
  cells(metrics: Metrics): string[];
}

/** Prints a training run as it happens. */
export interface Report {
  /** Training starts. */
  start(model: Model): void;
  /** Handles a training event; returns whether it was printed as a row. */
  event(event: TrainEvent): boolean;
  /** Prints further output between or after events. */
  print(output: Output): void;
  /** The model was saved, and possibly an HTML report; the hint is a command to run next. */
  saved(path: string, hint: string, page?: string): void;
  /** The run has ended, successfully or not. */
  end(): void;
}

/** The examples of a run. */
export interface Sets<Given = Example> {
  /** The training examples. */
  examples: Sequence<Given>;
  /** The validation examples, which choose the best epoch. */
  validation: Sequence<Given>;
  /** The test examples, which are only evaluated. */
  test: Sequence<Given>;
}

/** The names of the sets of examples that a model is evaluated on. */
export const SET_NAMES = { validation: "Validation", test: "Test", training: "Training" };

/** A set of examples that a model is evaluated on. */
export type SetName = keyof typeof SET_NAMES;

/** Describes the network of a model, with an indefinite article. */
export function nameOf({ config }: AnyModel): string {
  const kind = `${config.bidirectional ? "bidirectional " : ""}${config.cell}`;
  const layers = config.layers > 1 ? ` in ${config.layers} layers` : "";
  return `${/^[rl]/.test(kind) ? "an" : "a"} ${kind} of ${config.hidden} units${layers}`;
}

/** Formats the size of each set. */
export function countsOf<Given>(
  unit: string,
  { examples, validation, test }: Sets<Given>,
  count: (set: Sequence<Given>) => number = (set) => set.length,
): string {
  const number = (set: Sequence<Given>) => {
    const n = count(set);
    return n < 10_000 ? String(n) : n.toLocaleString("en");
  };
  return [
    `${number(examples)} ${unit}`,
    validation.length > 0 ? `${number(validation)} for validation` : "",
    test.length > 0 ? `${number(test)} for testing` : "",
  ].filter(Boolean).join(", ");
}

const ROWS = 10;

/** Creates a report as a table with about ten rows, and a progress line below it. */
export function tableReport(
  { start, unit, columns, cells }: Table,
  { validation, test }: Sets,
  epochs: number,
  status: StatusLine = statusLine(),
): Report {
  const hasValidation = validation.length > 0;
  let progress = progressOf(epochs, hasValidation, unit);
  let last = epochs, finished = 0; // networks of an ensemble
  // With validation, training usually stops early.
  const isShown = (epoch: number) =>
    epoch % Math.max(1, Math.ceil(last / ROWS)) === 0 || epoch === last ||
    (hasValidation && epoch <= 2 * ROWS);
  const began = performance.now();
  const sets = [
    "train",
    ...(hasValidation ? ["valid."] : []),
    ...(test.length > 0 ? ["test"] : []),
  ];
  const names = [
    "epoch",
    ...sets.flatMap((set) => columns.map((name, i) => i === 0 ? `${set} ${name}` : name)),
  ];
  const row = (cells: string[]) => {
    status.clear();
    const widthOf = (name: string, i: number) =>
      i === 0 ? 6 : Math.max((i - 1) % columns.length === 0 ? 13 : 11, name.length + 2);
    print(cells.map((cell, i) => padStart(cell, widthOf(names[i], i))).join("").trimEnd());
  };
  const log = (text: string) => {
    status.clear();
    print(text);
  };
  return {
    start() {
      print(`${start}\n`);
      row(names);
    },
    event(event) {
      if (event.type === "progress") {
        status.show(progress(event));
      } else if (event.type === "stopped") {
        const isDropped = finished > 0 && event.reason === "request";
        const best = isDropped
          ? ` Kept the ${finished === 1 ? "finished network" : `${finished} finished networks`}.`
          : event.best
          ? ` Kept the weights of epoch ${event.best}.`
          : "";
        log(
          event.reason === "patience"
            ? `\nStopped early after epoch ${event.epoch}: no improvement.${best}`
            : `\nInterrupted in epoch ${event.epoch}, after ${event.done} of its ${unit}.${best}`,
        );
      } else if (event.type === "epoch" && isShown(event.epoch)) {
        const { train, validation, test } = event;
        const blank = hasValidation && !validation ? columns.map(() => "") : [];
        row([
          String(event.epoch),
          ...cells(train),
          ...(validation ? cells(validation) : blank),
          ...(test ? cells(test) : []),
        ]);
        return true;
      } else if (event.type === "network") {
        last = epochs;
        finished = event.network - 1;
        progress = progressOf(last, hasValidation, unit);
        if (event.network === 1) return false; // its header is already printed
        log(`\nNetwork ${event.network} of ${event.of}, seed ${event.seed}.\n`);
        row(names);
      } else if (event.type === "refit") {
        last = event.epochs;
        progress = progressOf(last, false, unit);
        const many = `${event.examples.toLocaleString("en")} ${unit}`;
        log(`\nRefit: from these weights on all ${many}, epochs 1 to ${last}.\n`);
        row(names);
      }
      return false;
    },
    print({ lines }) {
      for (const line of lines) log(line);
    },
    saved(path, hint, page) {
      const seconds = (performance.now() - began) / 1000;
      if (page !== undefined) print(`\nThe report is in ${printable(page)}.`);
      print(`\nSaved ${printable(path)} after ${duration(seconds)}. Try it:\n  ${hint}`);
    },
    end: () => status.clear(),
  };
}

/** Creates a report as JSON Lines: one object for each epoch, prediction and file. */
export function jsonReport(
  { record, unit }: Table,
  { validation }: Sets,
  epochs: number,
  // On a terminal it would appear between the lines.
  status: StatusLine | undefined = Deno.stderr.isTerminal() ? undefined : statusLine(),
): Report {
  let progress = progressOf(epochs, validation.length > 0, unit);
  return {
    start: ({ config }) => printJson({ type: "start", config, ...record }),
    event(event) {
      if (event.type === "refit") progress = progressOf(event.epochs, false, unit);
      if (event.type === "network") progress = progressOf(epochs, validation.length > 0, unit);
      if (event.type === "progress") status?.show(progress(event));
      else if (event.type !== "checkpoint") printJson(event);
      return event.type === "epoch";
    },
    print: ({ records }) => records.forEach(printJson),
    saved: (path, _, page) => printJson({ type: "saved", model: path, report: page }),
    end() {},
  };
}

type Progress = Extract<TrainEvent, { type: "progress" }>;

/** Returns a function that describes the progress, the speed and the remaining time of a run. */
function progressOf(epochs: number, isAtMost: boolean, unit: string): (event: Progress) => string {
  const began = performance.now();
  const most = isAtMost ? "at most " : "";
  let first: number | undefined; // epochs completed before a resumed run
  return ({ epoch, done, of }) => {
    first ??= epoch - 1;
    const seconds = (performance.now() - began) / 1000;
    const total = (epoch - 1 - first) * of + done;
    const left = seconds * ((epochs - first) * of - total) / total;
    return `epoch ${epoch} of ${most}${epochs}, ${Math.floor(100 * done / of)}% done, ` +
      `${(total / seconds).toFixed(0)} ${unit}/s, ${most}${duration(left)} left`;
  };
}
