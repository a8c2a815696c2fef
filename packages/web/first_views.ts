/**
 * The sentence that a built-in set opens with, and the word at which its meaning turns.
 *
 * @module
 */

/** A sentence, and a word in it. */
export interface FirstView {
  sentence: string;
  /** Without it, the sentence means the opposite. */
  turn: string;
}

/** The first views, by set. */
export const FIRST_VIEWS: Record<string, FirstView> = {
  moods: { sentence: "i am not great right now", turn: "not" },
};
