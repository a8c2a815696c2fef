/**
 * Warnings about suspicious labels.
 *
 * @module
 */
import { quote } from "../printable.ts";
import type { Example } from "./examples.ts";

/** A warning about something suspicious in examples. */
export interface DataWarning {
  /** Its kind, for programs, such as `similar-labels`. */
  kind: string;
  /** What is suspicious, and what to do about it. */
  message: string;
  /** The number of labels, examples or words that it is about. */
  count: number;
}

const LEAST = 20; // fewer examples look suspicious by chance
const NUMBERS = 20; // different ones: more than a rating scale has
const MOST = 0.9; // the fraction of examples that makes a label nearly universal
const SHOWN = 5; // labels that a warning names

/** The kind of labels: one per text, one per word, several per text, numbers, or none. */
export type LabelKind = "one" | "tags" | "several" | "numbers" | "none";

/** Checks labels one at a time. */
export function watchLabels(kind: LabelKind, separator = ";") {
  const counts = new Map<string, number>();
  const sizes: Sizes = { examples: 0, texts: 0, labels: 0 };
  const count = (label: string) => counts.set(label, (counts.get(label) ?? 0) + 1);
  return {
    add({ text, label = "" }: Example) {
      sizes.examples++;
      sizes.texts += text.length;
      sizes.labels += label.length;
      if (kind === "one") count(label);
      if (kind === "several") {
        for (const each of new Set(label.split(separator))) if (each.trim()) count(each.trim());
      }
      if (kind === "tags") label.split(/\s+/u).forEach((tag) => tag !== "" && count(tag));
    },
    /** Returns the warnings, given the number of different texts. */
    warnings(different: number): DataWarning[] {
      if (kind === "tags") return present([similarWarning(counts), listWarning(counts)]);
      if (kind === "several") return present([similarWarning(counts)]);
      if (kind !== "one") return [];
      return present([
        similarWarning(counts),
        exchangeWarning(sizes, different, counts) ?? numbersWarning(counts) ?? datesWarning(counts),
        severalWarning(counts),
        majorityWarning(sizes, counts),
      ]);
    },
  };
}

/** The number of examples, and the total characters of their texts and of their labels. */
interface Sizes {
  examples: number;
  texts: number;
  labels: number;
}

function present(warnings: (DataWarning | undefined)[]): DataWarning[] {
  return warnings.filter((warning) => warning !== undefined);
}

type Counts = ReadonlyMap<string, number>;

function named(labels: readonly string[], counts: Counts): string {
  const shown = labels.slice(0, SHOWN).map((label) => `${quote(label)} (${counts.get(label)})`);
  return shown.join(", ") + (labels.length > SHOWN ? ", …" : "");
}

/** Warns about labels that differ only in case, spaces, or punctuation at their end. */
function similarWarning(counts: Counts): DataWarning | undefined {
  const groups = new Map<string, string[]>();
  for (const label of counts.keys()) {
    const folded = label.normalize("NFKC").toLowerCase().replace(/[\s_-]+/gu, " ");
    // A label of punctuation only, such as + or -, is kept.
    const key = folded.length < 200 ? folded.replace(/(?<=[\p{L}\p{N}])[\p{P}\s]+$/u, "") : folded;
    const group = groups.get(key);
    if (group) group.push(label);
    else groups.set(key, [label]);
  }
  const alike = [...groups.values()].filter(({ length }) => length > 1);
  if (alike.length === 0) return undefined;
  const labels = alike[0].toSorted((a, b) => counts.get(b)! - counts.get(a)!);
  const more = alike.length > 1 ? `, and others` : "";
  return {
    kind: "similar-labels",
    message: `labels that look alike: ${named(labels, counts)}${more}; use one spelling`,
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
    message: `the labels are ${numbers.length} different numbers, each a separate class; ` +
      "to predict a number, train a regression model (--task regression)",
    count: numbers.length,
  };
}

const DATE =
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})(?:[T ][\d:.,Z+-]{4,30})?$/;

/** Warns about labels that are dates, with or without times. */
function datesWarning(counts: Counts): DataWarning | undefined {
  const dates = [...counts.keys()].filter((label) => DATE.test(label));
  if (dates.length < NUMBERS || dates.length < MOST * counts.size) return undefined;
  return {
    kind: "date-labels",
    message: `the labels are ${dates.length} different dates, such as ${quote(dates[0])}, each a ` +
      "separate class; name the label column, or replace the dates with months or years",
    count: dates.length,
  };
}

/** Warns about lists as Python prints them: `['O', 'B-PER']`. */
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

/** Warns about fields with several labels, such as `a;b` if `a` or `b` is a label elsewhere. */
function severalWarning(counts: Counts): DataWarning | undefined {
  const partsOf = (label: string) => label.split(/[;|]/).map((part) => part.trim());
  const seen = new Map<string, number>(); // the number of labels that contain each part
  for (const label of counts.keys()) {
    for (const part of new Set(partsOf(label))) seen.set(part, (seen.get(part) ?? 0) + 1);
  }
  const several = [...counts.keys()].filter((label) => {
    const parts = partsOf(label);
    if (parts.length > 1) return parts.some((part) => part !== "" && seen.get(part)! > 1);
    // A single label may contain a comma, so one of the parts must be a whole label elsewhere.
    return label.includes(",") && label.split(",").some((part) => counts.has(part.trim()));
  });
  if (several.length === 0) return listWarning(counts);
  return {
    kind: "several-labels",
    message:
      `several labels in one field: ${named(several, counts)}; each combination counts as a ` +
      `separate label; to give a text any number of labels, train a multi-label model ` +
      `(--multi-label "${separatorIn(several)}")`,
    count: several.length,
  };
}

/** Returns the separator between labels. */
function separatorIn(several: readonly string[]): string {
  return [";", "|"].find((mark) => several.some((label) => label.includes(mark))) ?? ",";
}

function exchangeWarning(
  { examples: length, texts, labels }: Sizes,
  different: number,
  counts: Counts,
): DataWarning | undefined {
  if (length < LEAST || counts.size < MOST * length) return undefined;
  if (different < length / 4 && labels > texts) {
    return {
      kind: "exchanged-columns",
      message: `texts and labels look swapped: ${different} different texts and ${counts.size} ` +
        "different labels; swap the names of the columns",
      count: counts.size,
    };
  }
  // Fractions are measurements, not ids.
  if (counts.size < length || [...counts.keys()].some((label) => /^-?\d+[.,]\d+$/.test(label))) {
    return undefined;
  }
  const [first] = counts.keys();
  return {
    kind: "unique-labels",
    message: `each label occurs once, such as ${quote(first)}: are these ids, or the texts? ` +
      "Name the label column",
    count: counts.size,
  };
}

function majorityWarning({ examples: length }: Sizes, counts: Counts): DataWarning | undefined {
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
