/**
 * Entities, such as names of persons and places, in the tags of words.
 *
 * A tag is `O`, outside of all, or a prefix and a type, such as `B-PER`. The prefixes of BIO (IOB2 and
 * IOB1) are B and I, of BIOES B, I, E and S, of BILOU B, I, L and U, and of BMES B, M, E and S; IO has
 * I alone, or types without a prefix.
 *
 * @module
 */

/** How tags mark entities. IOB1 is read as BIO is. */
export type TagScheme = "BIO" | "BIOES" | "BILOU" | "BMES" | "IO";

/** An entity: some words in a row. */
export interface Entity {
  /** Its type, such as `PER`; empty where tags have none. */
  type: string;
  /** The place of its first word, from 0. */
  start: number;
  /** The place behind its last word. */
  end: number;
}

const OUTSIDE = "O";
const PREFIXED = /^([BIMELSUW])(?:[-_](.+))?$/su;
const NAME = /^[\p{L}\p{N}_.-]{2,}$/u; // a type without prefix

// For each scheme, the prefixes that only it has, and all that it has.
const SCHEMES: readonly [TagScheme, RegExp, RegExp][] = [
  ["BILOU", /[LU]/, /^[BILU]*$/],
  ["BMES", /[MW]/, /^[BMESW]*$/],
  ["BIOES", /[ES]/, /^[BIES]*$/],
  ["BIO", /B/, /^[BI]*$/],
  ["IO", /I/, /^I*$/],
];

/**
 * How some tags mark entities; undefined where they are other labels, such as parts of speech.
 *
 * @param tags The different tags.
 *
 * @example
 * ```ts
 * import { tagSchemeOf } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(tagSchemeOf(["O", "B-PER", "I-PER"]), "BIO");
 * assertEquals(tagSchemeOf(["NOUN", "VERB"]), undefined);
 * ```
 */
export function tagSchemeOf(tags: Iterable<string>): TagScheme | undefined {
  const marks = new Set(tags), hasOutside = marks.delete(OUTSIDE);
  const parts = Array.from(marks, (tag) => PREFIXED.exec(tag));
  if (parts.length === 0) return undefined;
  if (parts.every((part) => part === null)) { // types alone, beside O
    return hasOutside && [...marks].every((tag) => NAME.test(tag)) ? "IO" : undefined;
  }
  const types = new Set(parts.map((part) => part?.[2] === undefined));
  if (parts.includes(null) || types.size > 1) return undefined;
  const prefixes = parts.map((part) => part![1]).join("");
  // Without O, a single kind of prefix is a letter that labels happen to begin with.
  if (!hasOutside && new Set(prefixes).size === 1) return undefined;
  return SCHEMES.find(([, own, all]) => own.test(prefixes) && all.test(prefixes))?.[0];
}

type Part = "B" | "I" | "E" | "S" | "O";
const PARTS: Record<string, Part> = { M: "I", L: "E", U: "S", W: "S" };

/** The part of an entity that a tag is for, and the entity's type. */
function partOf(tag: string): { part: Part; type: string } {
  const [, prefix, type = ""] = PREFIXED.exec(tag) ?? [];
  if (prefix !== undefined) return { part: PARTS[prefix] ?? prefix as Part, type };
  return tag === OUTSIDE || tag === "" ? { part: "O", type: "" } : { part: "I", type: tag };
}

/**
 * The entities that tags mark, in their order. Tags that are not well formed are read as conlleval of
 * the CoNLL shared tasks reads them, and seqeval with it: an I or E begins an entity where none of its
 * type is open, and an entity ends where the next word has another type, or begins one.
 *
 * @param tags The tag of each word.
 *
 * @example
 * ```ts
 * import { entitiesIn } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(entitiesIn(["B-PER", "I-PER", "O", "I-LOC"]), [
 *   { type: "PER", start: 0, end: 2 },
 *   { type: "LOC", start: 3, end: 4 },
 * ]);
 * ```
 */
export function entitiesIn(tags: readonly string[]): Entity[] {
  const found: Entity[] = [];
  let open: Entity | undefined;
  for (const [t, tag] of tags.entries()) {
    const { part, type } = partOf(tag);
    const isNext = (part === "I" || part === "E") && open?.type === type;
    if (open && !isNext) open = undefined;
    if (part === "O") continue;
    if (!open) found.push(open = { type, start: t, end: t });
    open.end = t + 1;
    if (part === "E" || part === "S") open = undefined;
  }
  return found;
}

/** The figures of entities of one type, or of all. */
export interface EntityMetrics {
  /** Of the entities predicted, the fraction that is right, words and type; 0 where there is none. */
  precision: number;
  /** Of the entities in the examples, the fraction that was found; 0 where there is none. */
  recall: number;
  /** The harmonic mean of precision and recall; 0 where both are. */
  f1: number;
  /** How many entities the examples have. */
  support: number;
  /** How many were predicted. */
  predicted: number;
}

/** How well a tagger finds entities. */
export interface EntityEvaluation extends EntityMetrics {
  /** How the tags mark them. */
  scheme: TagScheme;
  /** The figures of each type, in the order of their names. */
  types: (EntityMetrics & { type: string })[];
  /** The F1 of what answers are made of, where the tagger has a linear model or a calibration. */
  alone?: { network: number; linear?: number };
}

/** Counts entities as conlleval does. */
export interface EntityCounter {
  /** Counts those of a text, by its right tags and those predicted. */
  add(actual: readonly string[], predicted: readonly string[]): void;
  /** The figures of all, and of each type. */
  figures(): Omit<EntityEvaluation, "scheme">;
}

/** Counts entities as conlleval does: one is right if its words and its type are. */
export function countEntities(): EntityCounter {
  const counts = new Map<string, { actual: number; predicted: number; right: number }>();
  const of = (type: string) => {
    const found = counts.get(type) ?? { actual: 0, predicted: 0, right: 0 };
    counts.set(type, found);
    return found;
  };
  return {
    add(actual, predicted) {
      const keys = new Set<string>();
      for (const { type, start, end } of entitiesIn(actual)) {
        of(type).actual++;
        keys.add(`${start} ${end} ${type}`);
      }
      for (const { type, start, end } of entitiesIn(predicted)) {
        of(type).predicted++;
        if (keys.has(`${start} ${end} ${type}`)) of(type).right++;
      }
    },
    figures() {
      const all = { actual: 0, predicted: 0, right: 0 };
      for (const { actual, predicted, right } of counts.values()) {
        all.actual += actual;
        all.predicted += predicted;
        all.right += right;
      }
      const types = [...counts].sort(([a], [b]) => a < b ? -1 : 1)
        .map(([type, each]) => ({ type, ...metricsOf(each) }));
      return { ...metricsOf(all), types };
    },
  };
}

function metricsOf(
  { actual, predicted, right }: { actual: number; predicted: number; right: number },
): EntityMetrics {
  const fraction = (of: number) => of === 0 ? 0 : right / of;
  const sum = actual + predicted;
  return {
    precision: fraction(predicted),
    recall: fraction(actual),
    f1: sum === 0 ? 0 : 2 * right / sum,
    support: actual,
    predicted,
  };
}
