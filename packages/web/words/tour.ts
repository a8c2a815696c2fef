/**
 * The words of the tour.
 *
 * @module
 */

/** The eight steps of the tour: a title, what to look at, and what to do. */
export const tour: { title: string; text: string; act: string }[] = [
  {
    title: "Why sequences",
    text:
      "A sentence is words in an order. “Great, not awful” and “awful, not great” have the same " +
      "words. A network that reads one word after the other can distinguish them.",
    act: "Turn the sentence round",
  },
  {
    title: "Words as one-hot rows",
    text:
      "To the network a word is a row of zeros with a single one, at the word's own place. Times " +
      "Wxh, that picks one row of Wxh: everything the network knows about the word.",
    act: "Use an unknown word",
  },
  {
    title: "The state",
    text:
      "What was read so far is kept in h: one number from −1 to 1 for each hidden unit. Follow one " +
      "stripe from left to right to see what that unit remembers.",
    act: "Follow another unit",
  },
  {
    title: "The equations",
    text:
      "The new state is made of the word and of the old state: hₜ = tanh(xₜ Wxh + hₜ₋₁ Whh + b). " +
      "The same three arrows in every column: that is what recurrent means.",
    act: "Use fewer units",
  },
  {
    title: "Forward",
    text:
      "Word by word the state changes, and the prediction with it. Look for the word that turns it " +
      "round, and point at it.",
    act: "Train",
  },
  {
    title: "The loss",
    text:
      "The loss is −ln of the probability that the right answer got: nothing when the network was " +
      "sure and right, much when it was sure and wrong. Training makes its mean small.",
    act: "Train one epoch",
  },
  {
    title: "Back through time",
    text:
      "To find what to change, the gradient of the loss goes back along the same arrows, from the " +
      "last word to the first. Each step back multiplies it once more, and mostly shrinks it.",
    act: "Make one step",
  },
  {
    title: "Clipping",
    text:
      "Multiplied by more than one at each step, the gradient explodes instead. So each number of " +
      "it is cut to ±1 before the step is made. Make the bound small, and see what gets cut.",
    act: "Clip at ±0.01",
  },
];
