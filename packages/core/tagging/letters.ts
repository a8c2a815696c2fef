/**
 * The spelling of words, for taggers that read letters.
 *
 * @module
 */
import type { NetworkConfig } from "../network/config.ts";
import type { Fail, Metadata, SpelledIds, TaskStream } from "../task.ts";
import { startWordIds } from "../text/spellings.ts";
import { normalForm } from "../text/tokenizer.ts";
import { indexWords, UNKNOWN } from "../text/vocabulary.ts";
import type { TaggingModel } from "./model.ts";

/** Returns the ids of words, and the spellings that the ids stand for. */
export function spell(
  model: TaggingModel,
  words: readonly string[],
): { ids: Int32Array } & SpelledIds {
  const { idOf, spellings } = startWordIds(model);
  return { ids: Int32Array.from(words, idOf), ...(spellings && { spellings }) };
}

/** Returns a function from a word to its id and spelling; undefined if letters are not read. */
export function speller(
  model: TaggingModel,
): ReturnType<NonNullable<TaskStream<TaggingModel>["speller"]>> {
  const { alphabet, vocabulary, tokenizer } = model;
  if (!alphabet) return undefined;
  const index = indexWords(vocabulary);
  const written = tokenizer.spelling ? { ...tokenizer, lowerCase: false } : tokenizer;
  return (word) => {
    const { idOf, spellings } = startWordIds(model, index);
    return { id: idOf(normalForm(word, written)), spellings: spellings! };
  };
}

// The most letters that a file may list: more than any written model has.
const MAX_LETTERS = 10_000;

/** Reads and checks the letters in a file's metadata, if its network reads letters. */
export function alphabetIn(
  { letters }: NetworkConfig,
  { json }: Metadata,
  fail: Fail,
): Pick<TaggingModel, "alphabet"> {
  if (!letters) return {};
  const alphabet = json("alphabet", MAX_LETTERS);
  const isFit = Array.isArray(alphabet) && alphabet[0] === UNKNOWN &&
    alphabet.every((letter) => typeof letter === "string") &&
    new Set(alphabet).size === alphabet.length;
  return isFit
    ? { alphabet }
    : fail(`is damaged: its alphabet should be different letters after ${UNKNOWN}`);
}
