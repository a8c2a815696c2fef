/**
 * Named entities, such as persons and places, in the tags of words.
 *
 * A tag is `O`, outside of any entity, or a prefix and a type, such as `B-PER`. The prefixes are B
 * and I in BIO (IOB2 and IOB1), B, I, E and S in BIOES, B, I, L and U in BILOU, and B, M, E and S
 * in BMES; IO has I alone, or types without a prefix.
 *
 * @module
 */

/** The tagging scheme: how tags mark entities. IOB1 is read like BIO. */
export type TagScheme = "BIO" | "BIOES" | "BILOU" | "BMES" | "IO";

/** An entity: a span of consecutive words. */
export interface Entity {
  /** Its type, such as `PER`; empty if the tags have no types. */
  type: string;
  /** The index of its first word, from 0. */
  start: number;
  /** The index after its last word. */
  end: number;
}

const OUTSIDE = "O";
const PREFIXED = /^([BIMELSUW])(?:[-_](.+))?$/su;
const NAME = /^[\p{L}\p{N}_.-]{2,}$/u; // a type without a prefix

// For each scheme, a prefix that identifies it, and all its prefixes.
const SCHEMES: readonly [TagScheme, RegExp, RegExp][] = [
  ["BILOU", /[LU]/, /^[BILU]*$/],
  ["BMES", /[MW]/, /^[BMESW]*$/],
  ["BIOES", /[ES]/, /^[BIES]*$/],
  ["BIO", /B/, /^[BI]*$/],
  ["IO", /I/, /^I*$/],
];

/**
 * Detects the tagging scheme; undefined for labels of another kind, such as parts of speech.
 *
 * @param tags The distinct tags.
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
  if (parts.every((part) => part === null)) { // only types, and perhaps O
    return hasOutside && [...marks].every((tag) => NAME.test(tag)) ? "IO" : undefined;
  }
  const types = new Set(parts.map((part) => part?.[2] === undefined));
  if (parts.includes(null) || types.size > 1) return undefined;
  const prefixes = parts.map((part) => part![1]).join("");
  // Without O, a single prefix is just a letter that all labels happen to start with.
  if (!hasOutside && new Set(prefixes).size === 1) return undefined;
  return SCHEMES.find(([, own, all]) => own.test(prefixes) && all.test(prefixes))?.[0];
}

type Part = "B" | "I" | "E" | "S" | "O";
const PARTS: Record<string, Part> = { M: "I", L: "E", U: "S", W: "S" };

/** Returns the part of an entity that a tag marks, and the entity's type. */
function partOf(tag: string): { part: Part; type: string } {
  const [, prefix, type = ""] = PREFIXED.exec(tag) ?? [];
  if (prefix !== undefined) return { part: PARTS[prefix] ?? prefix as Part, type };
  return tag === OUTSIDE || tag === "" ? { part: "O", type: "" } : { part: "I", type: tag };
}

/**
 * Returns the entities that tags mark, in order. Invalid tag sequences are read like in conlleval,
 * the script of the CoNLL shared tasks, and in seqeval: an I or E starts an entity if none of its
 * type is open, and an entity ends if the next word has another type, or starts an entity.
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

/** The figures of entities of one type, or of all types. */
export interface EntityMetrics {
  /** The fraction of predicted entities whose words and type are right; 0 if there are none. */
  precision: number;
  /** The fraction of the examples' entities that are found; 0 if there are none. */
  recall: number;
  /** The harmonic mean of precision and recall; 0 if both are 0. */
  f1: number;
  /** The number of entities in the examples. */
  support: number;
  /** The number of predicted entities. */
  predicted: number;
}

/** The evaluation of a tagger on entities. */
export interface EntityEvaluation extends EntityMetrics {
  /** The tagging scheme. */
  scheme: TagScheme;
  /** The figures of each type, sorted by name. */
  types: (EntityMetrics & { type: string })[];
  /** The F1 of its parts alone, for a tagger with a linear model or a calibration. */
  alone?: { network: number; linear?: number };
}

/** A counter of entities, like conlleval. */
export interface EntityCounter {
  /** Counts the entities of a text, from its true and its predicted tags. */
  add(actual: readonly string[], predicted: readonly string[]): void;
  /** Returns the figures of all entities, and of each type. */
  figures(): Omit<EntityEvaluation, "scheme">;
}

/** Creates a counter of entities, like conlleval: one is right if its words and its type are. */
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
