/**
 * The order of ids: Unroll has the unknown word first, and the start and the end of a text last, where
 * other tools have them anywhere or not at all.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import { EOS } from "../text/marks.ts";
import { UNKNOWN } from "../text/vocabulary.ts";
import type { TokenList } from "./token_list.ts";

/** Words by their new ids. */
export interface IdOrder {
  /** They. */
  words: string[];
  /** The row that each had before; -1 for one that had none. */
  rows: Int32Array;
}

/** The words of a vocabulary that stand for something else, where they were named. */
export interface SpecialTokens {
  /** The word that stands for unknown ones. Default: `<unk>` and the like. */
  unknown?: string;
  /** What is read before the first symbol. Default: `<s>` and the like. */
  start?: string;
  /** What is predicted after the last symbol. Default: `</s>` and the like. */
  end?: string;
}

const USUAL: Readonly<Record<keyof SpecialTokens, readonly string[]>> = {
  unknown: [UNKNOWN, "[UNK]", "<UNK>", "<oov>", "<OOV>", "[OOV]", "UNK", "unk"],
  start: [
    EOS,
    "<s>",
    "<bos>",
    "<sos>",
    "<BOS>",
    "<SOS>",
    "[BOS]",
    "[SOS]",
    "<start>",
    "<go>",
    "SOS",
  ],
  end: [EOS, "</s>", "<eos>", "<EOS>", "[EOS]", "<end>", "<|endoftext|>", "EOS"],
};

/** The id of a special token; -1 where there is none. */
function idOf(list: TokenList, which: keyof SpecialTokens, given: string | undefined): number {
  const { words, name } = list;
  if (given !== undefined) {
    const id = words.indexOf(given);
    if (id >= 0) return id;
    throw new InputError(`${name}: has no ${quote(given)}, which --${which} names`);
  }
  const found = USUAL[which].find((word) => words.includes(word));
  return found === undefined ? -1 : words.indexOf(found);
}

/** The words that are read, the unknown one first. */
export function wordOrder(list: TokenList, special: SpecialTokens): IdOrder {
  const unknown = idOf(list, "unknown", special.unknown ?? list.unknown);
  const others = list.words.map((_, id) => id).filter((id) => id !== unknown);
  const words = [UNKNOWN, ...others.map((id) => list.words[id])];
  if (words.lastIndexOf(UNKNOWN) > 0) {
    throw new InputError(
      `${list.name}: has ${UNKNOWN} and the unknown word ${
        quote(list.words[unknown])
      }; one stands for ` +
        "all unknown words: give it as --unknown",
    );
  }
  return { words, rows: Int32Array.of(unknown, ...others) };
}

/** The columns of series, and their changes, which other tools do not read. A word there is none. */
export function columnOrder({ length }: readonly string[]): IdOrder {
  return {
    words: [UNKNOWN],
    rows: Int32Array.from({ length: 2 * length }, (_, i) => i < length ? i : -1),
  };
}

/**
 * Symbols that are read and predicted. What is read before the first and what is predicted after the
 * last are one symbol in Unroll's files, with the numbers of each.
 */
export function symbolOrder(
  list: TokenList,
  special: SpecialTokens,
): { read: IdOrder; predicted: IdOrder; hasStart: boolean; hasEnd: boolean } {
  const start = idOf(list, "start", special.start), end = idOf(list, "end", special.end);
  const all = wordOrder(list, special);
  const places = all.rows.keys().filter((id) => id === 0 || all.rows[id] !== end).toArray();
  const words = places.map((id) => all.words[id]), rows = places.map((id) => all.rows[id]);
  const own = words.indexOf(EOS);
  if (own >= 0) { // it is the start alone
    words.splice(own, 1);
    rows.splice(own, 1);
  }
  const isEnding = end >= 0;
  return {
    read: {
      words: [...words, EOS],
      rows: Int32Array.of(...rows, start >= 0 ? start : end),
    },
    predicted: {
      words: isEnding ? [...words, EOS] : words,
      rows: isEnding ? Int32Array.of(...rows, end) : Int32Array.from(rows),
    },
    hasStart: start >= 0 || isEnding,
    hasEnd: isEnding,
  };
}
