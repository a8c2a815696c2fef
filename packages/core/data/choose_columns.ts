/**
 * Chooses the columns of texts and labels if they are not given.
 *
 * @module
 */
import type { Sample } from "./records.ts";
import { wordColumns } from "./word_rows.ts";

interface Given {
  textColumn?: string;
  labelColumn?: string;
}

/** Removes columns without a name, such as the empty ones that spreadsheets write. */
function withNames({ columns, valuesOf }: Sample): Sample {
  return { columns: columns.filter((name) => name !== ""), valuesOf };
}

/** Returns whether a row near the beginning is a header with the usual names, below a title. */
function hasTitle({ columns, valuesOf }: Sample, usual: readonly string[]): boolean {
  const values = columns.slice(0, MAX_COLUMNS).map((name) => valuesOf(name).slice(0, 10));
  const isAt = (row: number, name: string) =>
    values.some((column) => typeof column[row] === "string" && column[row].trim() === name);
  return !usual.some((name) => columns.includes(name)) &&
    (values[0] ?? []).some((_, row) => usual.every((name) => isAt(row, name)));
}

const MAX_COLUMNS = 1000; // searched for a header

/** Returns the columns that are given or fit best; if none fit, reading them reports an error. */
export function chooseColumns(
  sample: Sample,
  kind: "labels" | "pairs" | "texts",
  usual: readonly string[],
  { textColumn, labelColumn }: Given,
): [text: string, label: string] {
  const { columns, valuesOf } = withNames(sample);
  const words = kind === "pairs" ? undefined : wordColumns(columns, { textColumn, labelColumn });
  if (words) return [words.text, words.label];
  const free = (taken: string | undefined) => columns.filter((column) => column !== taken);
  const best = (names: readonly string[], score: (values: string[]) => number) => {
    let chosen: string | undefined, highest = -Infinity;
    for (const name of names) {
      const usable = valuesOf(name).filter((value) => typeof value !== "object").map(String);
      const own = usable.length > 0 ? score(usable) : -Infinity;
      if (chosen === undefined || own > highest) [chosen, highest] = [name, own];
    }
    return chosen;
  };
  const length = (values: string[]) =>
    values.reduce((sum, { length }) => sum + length, 0) / values.length;
  const sameness = (values: string[]) => -new Set(values).size;

  const isAmbiguous = new Set(columns).size < columns.length ||
    hasTitle(sample, usual);
  const least = kind === "texts" ? 1 : 2;
  if (columns.length < least || isAmbiguous) { // reading reports the error
    return [textColumn ?? usual[0], labelColumn ?? usual[1]];
  }
  // In pairs, the source usually comes first.
  const text = textColumn ??
    (columns.includes(usual[0])
      ? usual[0]
      : kind === "pairs"
      ? free(labelColumn)[0]
      : best(free(labelColumn ?? usual[1]), length));
  const label = labelColumn ??
    (columns.includes(usual[1]) && text !== usual[1]
      ? usual[1]
      : kind === "pairs"
      ? free(text)[0]
      : best(free(text), sameness));
  return [text ?? usual[0], label ?? usual[1]];
}

/** Returns the columns that are given, have the usual names, or are the only ones that fit. */
export function onlyColumns(
  sample: Sample,
  kind: "labels" | "pairs" | "texts",
  usual: readonly string[],
  { textColumn, labelColumn }: Given,
): [text: string, label: string | undefined] {
  const { columns: all } = sample, { columns, valuesOf } = withNames(sample);
  const words = kind === "pairs" ? undefined : wordColumns(columns, { textColumn, labelColumn });
  if (words) return [words.text, words.label];
  // A column may be given by its number.
  const nameOf = (column: string) =>
    all.includes(column) ? column : all[Number(column) - 1] ?? column;
  const named = (column: string | undefined, usual: string | undefined) =>
    column ?? (usual !== undefined && columns.includes(usual) ? usual : undefined);
  let text = named(textColumn, usual[0]), label = named(labelColumn, usual[1]);
  const taken = [text, label].filter((name) => name !== undefined).map(nameOf);
  const free = columns.filter((column) => !taken.includes(column));
  if (new Set(columns).size < columns.length || hasTitle(sample, usual)) {
    return [text ?? usual[0], label ?? usual[1]]; // reading reports the error
  }
  const only = (names: string[]) => names.length === 1 ? names[0] : undefined;
  if (kind === "pairs") {
    if (columns.includes("label")) return [text ?? usual[0], label ?? usual[1]]; // not pairs
    const isNumbered = columns.every((name, i) => name === `${i + 1}`);
    if (text === undefined && label === undefined && (free.length === 2 || isNumbered)) {
      [text, label] = free; // the source usually comes first
    } else if (text !== undefined) label ??= only(free);
    else if (label !== undefined) text = only(free);
    return [text ?? usual[0], label ?? usual[1]];
  }
  const valuesAt = (name: string) => valuesOf(name).filter((v) => typeof v === "string");
  const areTexts = (name: string) => {
    const values = valuesAt(name).filter((value) => value.trim() !== "");
    return values.length > 0 && 2 * values.filter((v) => /\S\s+\S/.test(v)).length >= values.length;
  };
  const areLabels = (name: string) => {
    const values = valuesOf(name).filter((value) => typeof value !== "object").map(String);
    return !areTexts(name) && 2 * new Set(values).size <= values.length;
  };
  text ??= only(free) ?? only(free.filter(areTexts));
  if (kind === "texts") return [text ?? usual[0], undefined];
  const left = free.filter((name) => name !== text);
  const isLeft = text !== undefined && left.length === 1;
  label ??= isLeft ? left[0] : only(left.filter(areLabels));
  if (left.length === 2) text ??= only(left.filter((name) => name !== label));
  return [text ?? usual[0], label ?? usual[1]];
}
