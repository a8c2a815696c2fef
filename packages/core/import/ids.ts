/**
 * The order of ids: Unroll puts the unknown word first, and the start and end tokens last; other
 * tools have them anywhere or not at all.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import { EOS } from "../text/marks.ts";
import { UNKNOWN } from "../text/vocabulary.ts";
import type { TokenList } from "./token_list.ts";

/** Words in the order of their new ids. */
export interface IdOrder {
  /** The words by new id. */
  words: string[];
  /** The previous row of each word, or -1 if it had none. */
  rows: Int32Array;
}

/** The special tokens of a vocabulary. */
export interface SpecialTokens {
  /** The token that stands for unknown words. Default: detected, such as `<unk>`. */
  unknown?: string;
  /** The token that is read before a text's first one. Default: detected, such as `<s>`. */
  start?: string;
  /** The token that is predicted after a text's last one. Default: detected, such as `</s>`. */
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

/** Returns the id of a special token, or -1 if there is none. */
function idOf(list: TokenList, which: keyof SpecialTokens, given: string | undefined): number {
  const { words, name } = list;
  if (given !== undefined) {
    const id = words.indexOf(given);
    if (id >= 0) return id;
    throw new InputError(`${name}: has no ${quote(given)}, as given by --${which}`);
  }
  const found = USUAL[which].find((word) => words.includes(word));
  return found === undefined ? -1 : words.indexOf(found);
}

/** Returns the words of a vocabulary with the unknown word first. */
export function wordOrder(list: TokenList, special: SpecialTokens): IdOrder {
  const unknown = idOf(list, "unknown", special.unknown ?? list.unknown);
  const others = list.words.map((_, id) => id).filter((id) => id !== unknown);
  const words = [UNKNOWN, ...others.map((id) => list.words[id])];
  if (words.lastIndexOf(UNKNOWN) > 0) {
    throw new InputError(
      `${list.name}: has ${UNKNOWN} and the unknown word ${
        quote(list.words[unknown])
      }; only one can ` +
        "stand for unknown words: give it as --unknown",
    );
  }
  return { words, rows: Int32Array.of(unknown, ...others) };
}

/** Returns a series' columns and their differences, which other tools do not read; no words. */
export function columnOrder({ length }: readonly string[]): IdOrder {
  return {
    words: [UNKNOWN],
    rows: Int32Array.from({ length: 2 * length }, (_, i) => i < length ? i : -1),
  };
}

/**
 * Returns the tokens that are read, and those that are predicted. In Unroll's files, the start
 * token and the end token are one: its embedding is the start's, its row of the head is the end's.
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
  if (own >= 0) { // it is the start token only, and is appended below
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
