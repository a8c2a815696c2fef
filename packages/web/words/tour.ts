/**
 * The texts of the tour, filled in with what is on the screen.
 *
 * @module
 */
import { count } from "./numbers.ts";

/** The texts. */
export const tour = {
  card: {
    next: "Next",
    back: "Back",
    end: "End the tour",
    of: (stop: number, stops: number) => `${stop} of ${stops}`,
    tryIt: "Try it",
  },
  other: {
    text: "The picture shows another network now. “Next” and “Back” bring back the tour's network.",
    act: "Bring it back",
  },
  noAnswer: {
    text: "This sentence has no right answer yet. Choose one under “The right answer”.",
    act: "Use the tour's sentence",
  },
  sequence: {
    title: "A sentence is a sequence",
    text: (sentence: string, answer: string, share: string) =>
      `The network reads “${sentence}” one word at a time. Its answer is ${answer}, ${share}. The ` +
      "same words in another order can mean the opposite.",
    act: "Move “not”",
  },
  words: {
    title: "Words are one-hot vectors",
    text: (word: string, place: number, all: number) =>
      `“${word}” is entry ${count(place)} of ${
        count(all)
      } in the vocabulary: a row of zeros with a ` +
      "one at that place. Multiplied by W_xh, it picks one row of W_xh: all that the network knows about " +
      "the word.",
    unknown: (word: string) =>
      `“${word}” is not in the vocabulary. It is read as the unknown word, whose row of W_xh is ` +
      "zeros: it adds nothing, and only the previous state counts.",
    act: { unknown: "Use an unknown word", known: "Use a known word" },
  },
  state: {
    title: "The hidden state",
    text: (hidden: number, unit: number, word: string, before: string, after: string) =>
      `What was read so far is in the state h: ${
        count(hidden)
      } numbers from −1 to 1, one stripe each. ` +
      `Unit ${unit}, framed, goes from ${before} to ${after} at “${word}”. Follow it from left to ` +
      "right to see what it remembers.",
    act: "Follow another unit",
  },
  weights: {
    title: "The same weights at every step",
    text: (columns: number) =>
      `Each state comes from the word and from the state before. All ${
        count(columns)
      } columns use ` +
      "the same W_xh, W_hh and b. That is what “recurrent” means, and why a sentence can have any " +
      "length.",
    act: { longer: "Make the sentence longer", shorter: "Make it shorter again" },
  },
  forward: {
    title: "The forward pass",
    text: (word: string, answer: string, share: string, before: string | undefined) =>
      `After “${word}” the prediction is ${answer}, ${share}` +
      (before === undefined ? ". " : `; before it, ${before}. `) +
      "Above each column is the prediction if the sentence ended there.",
    act: "Go to the next word",
  },
  loss: {
    title: "The loss",
    text: (actual: string, share: string, loss: string) =>
      `Suppose the right answer is ${actual}. The network gives it ${share}, so the loss, −ln of that ` +
      `probability, is ${loss}: near zero for a confident right answer, large for a confident ` +
      "wrong one.",
    act: (actual: string) => `Suppose it is ${actual}`,
  },
  backward: {
    title: "Backpropagation through time",
    text: (actual: string, last: [string, string], first: [string, string], trend: string) =>
      `Suppose the right answer were ${actual}. The gradient of the loss flows back along the same ` +
      `arrows. Its norm is ${last[1]} at “${last[0]}” and ${first[1]} at “${first[0]}”: ${trend}.`,
    trends: {
      shrinks: "it shrinks on the way",
      grows: "it grows on the way",
      stays: "it stays about as large",
    },
    act: (actual: string) => `Suppose it were ${actual}`,
  },
  clipping: {
    title: "Gradient clipping",
    text: (clip: number, clipped: number, size: number) =>
      "If each step back multiplies the gradient by more than one, it explodes. So each of its " +
      `components is clipped to ±${clip}. Of the ${count(size)} for W_hh, ` +
      `${
        clipped === 0 ? "none is" : clipped === 1 ? "one is" : `${count(clipped)} are`
      } clipped now.`,
    act: (clip: number) => `Clip at ±${clip}`,
  },
  training: {
    title: "Training",
    trained: (epochs: number, sentences: number, before: string, now: string) =>
      "A training step moves every weight a little against its gradient. " +
      `${count(epochs)} passes over ${
        count(sentences)
      } sentences brought the loss from ${before} ` +
      `to ${now}.`,
    running: "Each step moves every weight a little against its gradient. Watch the loss fall.",
    untrained: "The network is untrained: its weights are random, and so are its answers.",
    act: { begin: "Train from scratch", pause: "Pause", go: "Continue" },
  },
};
