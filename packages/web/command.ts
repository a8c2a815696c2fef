/**
 * The command line that reproduces the run.
 *
 * @module
 */
import type { Written } from "./data_protocol.ts";
import { matters } from "./run_settings.ts";
import {
  ARTICLE,
  defaultInit,
  type FieldName,
  FIELDS,
  type Settings,
  showField,
} from "./settings.ts";
import { addFlag } from "./shell_words.ts";
import { taskOf } from "./tasks/tasks.ts";

/** The files that a command names, if the data is not built into the command line. */
export interface DataFiles {
  /** The training files. */
  train: readonly string[];
  /** The test set, if there is one. */
  test?: string;
  /** The names of the text and label columns, if they differ from the defaults. */
  columns?: { text: string; label: string };
  /** How the files are written, where the command line would guess otherwise. */
  written?: Written;
}

const SEPARATORS: Record<string, string> = {
  ",": "comma",
  ";": "semicolon",
  "\t": "tab",
  "|": "pipe",
  " ": "space",
};
const NO_BOUND = "none"; // turns off a bound that the command line would set by default

/**
 * Returns `deno task train …`, with a flag for every setting that differs from the CLI's default.
 *
 * @param files The data files. Default: the built-in sentences.
 * @param from The model that the run starts from, if one was opened.
 */
export function commandOf(settings: Settings, files?: DataFiles, from?: string): string {
  const words = ["deno task train"];
  const add = (flag: string, value: string) => addFlag(words, flag, value);
  const task = taskOf(settings);
  if (task.flag) add("task", task.flag);
  if (from) add("from", from);
  if (files) {
    for (const name of files.train) add("data", name);
    if (files.test) add("test", files.test);
    const [text, label] = task.columns;
    const { columns, written = {} } = files;
    const { format, separator, quotes, encoding } = written;
    if (format) add("format", format);
    if (separator) add("separator", SEPARATORS[separator] ?? separator);
    if (quotes) add("quotes", quotes);
    if (written.header === false) words.push("--no-header");
    if (encoding) add("encoding", encoding);
    if (columns && columns.text !== text) add(`${text}-column`, columns.text);
    const hasLabels = task.data !== "texts";
    if (columns && hasLabels && columns.label !== label) add(`${label}-column`, columns.label);
  }
  const init = defaultInit(settings.cell);
  for (const name of Object.keys(FIELDS) as FieldName[]) {
    const field = FIELDS[name];
    if (name === "clip" || name === "clipNorm" || !matters(settings, name)) continue;
    if (from && isNetwork(name)) continue; // the model holds it
    if (field.kind === "toggle" && field.isSwitch) {
      if (settings[name]) words.push(`--${field.flag}`);
      continue;
    }
    const isKnown = name === "seed" || name === "backend" || name === "activation"
      ? settings[name] === ARTICLE[name]
      : name === "patience"
      ? settings.patience === 0
      : !files && settings[name] === (name === "init" ? init : ARTICLE[name]);
    if (!isKnown) add(field.flag, showField(settings, name));
  }
  const { clip, clipNorm } = settings;
  if (files) { // by default, the command line clips only the norm, at 1
    if (clip > 0) add("clip", String(clip));
    if (clipNorm !== 1) add("clip-norm", clipNorm > 0 ? String(clipNorm) : NO_BOUND);
    if (settings.patience === 0 && settings.validation > 0) add("patience", "1000000");
    words.push(...task.flagsOfOwn?.(settings, !from) ?? []);
  } else {
    if (clip !== ARTICLE.clip) add("clip", clip > 0 ? String(clip) : NO_BOUND);
    if (clipNorm > 0) add("clip-norm", String(clipNorm));
  }
  return words.join(" ");
}

function isNetwork(name: FieldName): boolean {
  const others: FieldName[] = ["head", "activation", "init", "dropout", "stripHtml"];
  return FIELDS[name].group === "network" || others.includes(name);
}
