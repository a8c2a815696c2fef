/**
 * What is odd about labels.
 *
 * @module
 */
import { quote } from "../printable.ts";
import type { Example } from "./examples.ts";

/** Something odd about examples. */
export interface DataWarning {
  /** What it is about, for programs: `similar-labels`. */
  kind: string;
  /** What is odd, and what to do. */
  message: string;
  /** How many labels, examples or words it is about. */
  count: number;
}

const LEAST = 20; // examples below which chance makes many things look odd
const NUMBERS = 20; // different ones: more than a scale has
const MOST = 0.9; // of the examples: a label that all but all have
const SHOWN = 5; // labels that a warning names

/** What is odd about the labels of texts. */
export function labelWarnings(examples: readonly Example[]): DataWarning[] {
  const counts = countLabels(examples.map(({ label = "" }) => label));
  const exchanged = exchangeWarning(examples, counts);
  return [
    similarWarning(counts),
    exchanged ?? numbersWarning(counts),
    severalWarning(counts),
    majorityWarning(examples, counts),
  ].filter((warning) => warning !== undefined);
}

/** What is odd about the labels of words. */
export function tagWarnings(examples: readonly Example[]): DataWarning[] {
  const counts = new Map<string, number>();
  for (const { label = "" } of examples) {
    for (const tag of label.split(/\s+/u)) {
      if (tag !== "") counts.set(tag, (counts.get(tag) ?? 0) + 1);
    }
  }
  return [similarWarning(counts), listWarning(counts)].filter((warning) => warning !== undefined);
}

type Counts = ReadonlyMap<string, number>;

function countLabels(labels: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

function named(labels: readonly string[], counts: Counts): string {
  const shown = labels.slice(0, SHOWN).map((label) => `${quote(label)} (${counts.get(label)})`);
  return shown.join(", ") + (labels.length > SHOWN ? ", …" : "");
}

/** Labels that are one but for case, blanks, and marks at their end. */
function similarWarning(counts: Counts): DataWarning | undefined {
  const groups = new Map<string, string[]>();
  for (const label of counts.keys()) {
    const folded = label.normalize("NFKC").toLowerCase().replace(/[\s_-]+/gu, " ");
    // A label of marks alone, such as + or -, is one.
    const key = folded.length < 200 ? folded.replace(/(?<=[\p{L}\p{N}])[\p{P}\s]+$/u, "") : folded;
    const group = groups.get(key);
    if (group) group.push(label);
    else groups.set(key, [label]);
  }
  const alike = [...groups.values()].filter(({ length }) => length > 1);
  if (alike.length === 0) return undefined;
  const labels = alike[0].toSorted((a, b) => counts.get(b)! - counts.get(a)!);
  const more = alike.length > 1 ? `, and so do others` : "";
  return {
    kind: "similar-labels",
    message: `labels that look alike: ${named(labels, counts)}${more}; write each one way`,
    count: alike.reduce((sum, { length }) => sum + length, 0),
  };
}

function numbersWarning(counts: Counts): DataWarning | undefined {
  const numbers = [...counts.keys()].filter((label) =>
    /^[+-]?\d{1,15}([.,]\d{1,15})?$/.test(label)
  );
  if (numbers.length < NUMBERS || numbers.length < MOST * counts.size) return undefined;
  return {
    kind: "numeric-labels",
    message: `the labels are ${numbers.length} different numbers, each a class of its own; ` +
      "to predict a number is regression, which is not supported; group them into a few ranges",
    count: numbers.length,
  };
}

/** Lists as Python prints them: `['O', 'B-PER']`. */
function listWarning(counts: Counts): DataWarning | undefined {
  const lists = [...counts.keys()].filter((label) => /^\[\s*['"]|^['"].*['"],?\]?$/u.test(label));
  if (lists.length === 0) return undefined;
  return {
    kind: "several-labels",
    message: `labels that are parts of a list: ${named(lists, counts)}; ` +
      "write labels with spaces between them, without brackets, quotes and commas",
    count: lists.length,
  };
}

/** Fields with more than one label, such as `a;b` where `a` or `b` is a label elsewhere. */
function severalWarning(counts: Counts): DataWarning | undefined {
  const partsOf = (label: string) => label.split(/[;|]/).map((part) => part.trim());
  const seen = new Map<string, number>(); // in how many labels a part occurs
  for (const label of counts.keys()) {
    for (const part of new Set(partsOf(label))) seen.set(part, (seen.get(part) ?? 0) + 1);
  }
  const several = [...counts.keys()].filter((label) => {
    const parts = partsOf(label);
    if (parts.length > 1) return parts.some((part) => part !== "" && seen.get(part)! > 1);
    // A name may have a comma in it: of those, a part has to be a label.
    return label.includes(",") && label.split(",").some((part) => counts.has(part.trim()));
  });
  if (several.length === 0) return listWarning(counts);
  return {
    kind: "several-labels",
    message: `several labels in one field: ${named(several, counts)}; ` +
      "each combination is a label of its own, so give a text one label",
    count: several.length,
  };
}

function exchangeWarning(examples: readonly Example[], counts: Counts): DataWarning | undefined {
  const { length } = examples;
  if (length < LEAST || counts.size < MOST * length) return undefined;
  const texts = new Set(examples.map(({ text }) => text)).size;
  const lengthOf = (sum: number, text = "") => sum + text.length;
  const isLabelLonger = examples.reduce((sum, { label }) => lengthOf(sum, label), 0) >
    examples.reduce((sum, { text }) => lengthOf(sum, text), 0);
  if (texts < length / 4 && isLabelLonger) {
    return {
      kind: "exchanged-columns",
      message: `texts and labels look exchanged: ${texts} different texts and ${counts.size} ` +
        "different labels; name the columns the other way round",
      count: counts.size,
    };
  }
  // Fractions are measures, not ids.
  if (counts.size < length || [...counts.keys()].some((label) => /^-?\d+[.,]\d+$/.test(label))) {
    return undefined;
  }
  const [first] = counts.keys();
  return {
    kind: "unique-labels",
    message: `each label occurs once, such as ${quote(first)}: are these ids, or the texts? ` +
      "Name the column of the labels",
    count: counts.size,
  };
}

function majorityWarning(examples: readonly Example[], counts: Counts): DataWarning | undefined {
  const { length } = examples;
  const [label, count] = [...counts].reduce((most, each) => each[1] > most[1] ? each : most, [
    "",
    0,
  ]);
  if (length < LEAST || counts.size < 2 || count <= MOST * length) return undefined;
  return {
    kind: "one-label",
    message: `${(100 * count / length).toFixed(1)}% of the examples have the label ` +
      `${quote(label)}: accuracy says little; look at recall, or balance the label weights`,
    count,
  };
}
