/** Valid and damaged data files: tables, JSON Lines, word vectors. */
import { toNfc } from "#core/text/nfc.ts";
import type { DataFormat, DataKind, Example } from "@unroll/core";
import { mutateBytes, splice } from "./byte_mutants.ts";
import type { Dice } from "./dice.ts";
import { taggedFile } from "./tagged_files.ts";
import { HOSTILE_TEXTS, mutateTree, parseTree, shorten, writeTree } from "./json_tree.ts";

/** A file, and how to read it. */
export type DataMutant = {
  bytes: Uint8Array<ArrayBuffer>;
  /** A description of the damage. */
  what: string;
  /** Whether the file is undamaged, so that it must contain exactly what was written. */
  isWhole: boolean;
} & ({ type: "examples" } & ExampleFile | { type: "vectors" } & VectorFile);

interface ExampleFile {
  format: DataFormat;
  kind: DataKind;
  columns: [text: string, label: string];
  written: Example[];
}

interface VectorFile {
  dimensions: number;
  words: string[];
}

/** Creates a file from random choices. */
export function dataMutant(dice: Dice): DataMutant {
  return dice.chance(0.25) ? vectorMutant(dice) : exampleMutant(dice);
}

const PLAIN_TEXTS = [
  "good",
  "Not bad, not at all.",
  'He said "no"',
  "two\nlines",
  "a\tb",
  "naïve 👍",
];
const PLAIN_LABELS = ["up", "down", "1", "not so", "a, b", "ça"];
const COLUMNS = ["id", "date", "text", "label", "source", "target", "notes, more", "", "__proto__"];

function exampleMutant(dice: Dice): DataMutant {
  if (dice.chance(0.3)) return taggedMutant(dice);
  const format = dice.pick(["csv", "tsv", "jsonl", "json"] as const);
  const kind = dice.pick(["labels", "pairs", "texts"] as const);
  const columns: [string, string] = dice.chance(0.7)
    ? (kind === "pairs" ? ["source", "target"] : ["text", "label"])
    : [dice.pick(COLUMNS), "what it is"];
  const names = [...new Set([...columns, ...COLUMNS.slice(0, dice.below(COLUMNS.length))])];
  if (dice.chance(0.5)) names.reverse();
  const value = (plain: readonly string[]) =>
    dice.pick(dice.chance(0.8) ? plain : HOSTILE_TEXTS).toWellFormed();
  const rows = Array.from({ length: dice.between(1, dice.chance(0.02) ? 500 : 12) }, () => {
    const row = names.map(() => value(PLAIN_TEXTS));
    const label = value(PLAIN_LABELS);
    row[names.indexOf(columns[1])] = label.trim() === "" ? "blank" : label;
    return row;
  });
  const newline = dice.pick(["\n", "\r\n", "\r"]);
  const content = dice.pick(["", "\ufeff"]) +
    (format === "jsonl"
      ? rows.map((row) => jsonLine(names, row)).join(newline)
      : format === "json"
      ? `[${rows.map((row) => jsonLine(names, row)).join(`,${newline}`)}]`
      : [names, ...rows].map((row) => tableRow(row, format, dice)).join(newline)) +
    dice.pick(["", newline, newline + newline]);
  const written = rows.map((row) => {
    const label = row[names.indexOf(columns[1])].trim();
    return {
      text: row[names.indexOf(columns[0])],
      label: kind === "texts" ? "" : kind === "labels" ? toNfc(label) : label,
    };
  });
  const file = { type: "examples", format, kind, columns, written } as const;
  return { ...file, ...damage(content, format, dice, `${format} of ${kind}`) };
}

function taggedMutant(dice: Dice): DataMutant {
  const { format, lines, written } = taggedFile(dice);
  const newline = dice.pick(["\n", "\r\n", "\r"]);
  const content = dice.pick(["", "\ufeff"]) + lines.join(newline) + dice.pick(["", newline]);
  const columns: [string, string] = ["text", "label"];
  const file = { type: "examples", format, kind: "labels", columns, written } as const;
  return { ...file, ...damage(content, format, dice, format) };
}

function jsonLine(names: readonly string[], row: readonly string[]): string {
  return JSON.stringify(Object.fromEntries(names.map((name, i) => [name, row[i]])));
}

function tableRow(row: readonly string[], format: DataFormat, dice: Dice): string {
  return row.map((field) => {
    const isPlain = !/[",\t\r\n]/.test(field) && field.trim() !== "";
    return isPlain && dice.chance(0.8) ? field : `"${field.replaceAll('"', '""')}"`;
  }).join(format === "tsv" ? "\t" : ",");
}

const WORDS = ["the", "good", "Bad", "naïve", "New York", "...", "1e5", "<unk>", "👍", "__proto__"];

function vectorMutant(dice: Dice): DataMutant {
  const dimensions = dice.between(2, dice.chance(0.02) ? 300 : 5);
  const words = WORDS.slice(dice.below(WORDS.length));
  const number = () => dice.pick(["0", "-1", "0.25", "1e-3", "-.5", "3.", "+2", "1E5"]);
  const lines = words.map((word) =>
    [word, ...Array.from({ length: dimensions }, number)].join(dice.pick([" ", "\t"]))
  );
  // Without a header the first word determines the dimensions, so it has no space in it.
  if (words[0].includes(" ") || dice.chance(0.4)) lines.unshift(`${words.length} ${dimensions}`);
  const newline = dice.pick(["\n", "\r\n"]);
  const content = dice.pick(["", "\ufeff"]) + lines.join(newline) + dice.pick(["", newline]);
  return { type: "vectors", dimensions, words, ...damage(content, "txt", dice, "word vectors") };
}

function damage(
  content: string,
  format: DataFormat | "txt",
  dice: Dice,
  name: string,
): Pick<DataMutant, "bytes" | "what" | "isWhole"> {
  let bytes = new TextEncoder().encode(content);
  const isWhole = dice.chance(0.1);
  const done: string[] = [];
  for (let left = isWhole ? 0 : dice.few(4); left > 0; left--) {
    const [next, what] = format === "jsonl" && dice.chance(0.5)
      ? mutateLine(bytes, dice)
      : dice.chance(0.5)
      ? mutateText(bytes, dice)
      : mutateBytes(bytes, dice);
    bytes = next;
    done.push(what);
  }
  return { bytes, isWhole, what: `${name}: ${done.join("; ") || "whole"}` };
}

type Mutated = [bytes: Uint8Array<ArrayBuffer>, what: string];

/** Changes a value in one line of JSON Lines. */
function mutateLine(bytes: Uint8Array, dice: Dice): Mutated {
  const lines = new TextDecoder().decode(bytes).split("\n");
  const at = dice.below(lines.length);
  let what = "no JSON";
  try {
    const tree = parseTree(JSON.parse(lines[at]));
    what = mutateTree(tree, dice, `line ${at + 1}`);
    lines[at] = writeTree(tree);
  } catch {
    // A line that is already damaged, or a text that only starts like JSON.
  }
  return [new TextEncoder().encode(lines.join("\n")), what];
}

const PIECES = [
  ...['"', '""', '"""', ",", "\t", ";", "\n", "\r", "\r\n", "\n\n", " ", ",,,,", '","', '"\n"'],
  ...["\0", "\ufeff", "\u2028", "\u0085", "\u00a0", "{", "}", "[", "null", "\\", "\\u0000", "="],
  ...["e\u0301", "\u202e", "NaN", "1e999", "-", "text,label\n", '{"text":1,"label":[]}\n'],
];

const RAW = [[0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5], [0xe2, 0x82], [0xff, 0xfe], [0x80], [0]];

const LARGE = 300_000; // maximum bytes of a repeated part

/** Damage that matters to a reader of text. */
function mutateText(bytes: Uint8Array<ArrayBuffer>, dice: Dice): Mutated {
  const encode = (text: string) => new TextEncoder().encode(text);
  const at = dice.below(bytes.length + 1);
  const piece = dice.pick(PIECES);
  switch (dice.below(6)) {
    case 0:
      return [splice(bytes, at, 0, Uint8Array.from(dice.pick(RAW))), `not UTF-8 at ${at}`];
    case 1: {
      const most = dice.chance(0.1) ? LARGE : 2000;
      const text = piece.repeat(dice.between(2, most / piece.length));
      return [
        splice(bytes, at, 0, encode(text)),
        `${text.length} of ${shorten(JSON.stringify(piece))} at ${at}`,
      ];
    }
    case 2: {
      const some = bytes.subarray(at, at + dice.between(1, 200));
      const times = dice.between(2, dice.chance(0.05) ? LARGE / 200 : 20);
      const repeated = new Uint8Array(some.length * times);
      for (let i = 0; i < times; i++) repeated.set(some, i * some.length);
      return [splice(bytes, at, 0, repeated), `${some.length} bytes at ${at} ${times} times more`];
    }
    case 3: {
      const lines = new TextDecoder().decode(bytes).split("\n");
      const [a, b] = [dice.below(lines.length), dice.below(lines.length)];
      [lines[a], lines[b]] = [lines[b], lines[a]];
      return [encode(lines.join("\n")), `lines ${a + 1} and ${b + 1} swapped`];
    }
    default:
      return [
        splice(bytes, at, dice.pick([0, 0, 1]), encode(piece)),
        `${JSON.stringify(piece)} at ${at}`,
      ];
  }
}
