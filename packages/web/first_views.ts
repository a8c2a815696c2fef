/**
 * The sentence that a built-in set opens with, and the word that reverses its meaning.
 *
 * @module
 */

/** A sentence, and a word in it. */
export interface FirstView {
  sentence: string;
  /** The word without which the sentence means the opposite. */
  turn: string;
}

/** The first views, by the name of the set. */
export const FIRST_VIEWS: Record<string, FirstView> = {
  moods: { sentence: "i am not great right now", turn: "not" },
};
