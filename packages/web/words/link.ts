/**
 * The texts of links and of embedded pages.
 *
 * @module
 */
import { count } from "./numbers.ts";

/** The texts. */
export const link = {
  title: "A link to what is on the screen",
  has:
    "It holds the settings, the sentence and the view. Whoever opens it trains the same network.",
  hasData: (characters: number) =>
    `It holds the settings, the sentence, the view, and your data (${count(characters)} ` +
    "characters). Whoever opens it trains the same network.",
  tooMuchData: (most: number) =>
    "It holds the settings, the sentence and the view, but not your data: packed, that is more " +
    `than the ${count(most)} characters that a link can hold. Send the file along.`,
  noModel: (name: string) =>
    `It does not hold the network of ${name}: save the model, and send that along.`,
  missing:
    "This link is to a network on the sender's data, which the link does not hold. Choose the file to use it " +
    "with the link's settings. Until then, the page shows its first network.",
  choose: "Choose the data…",
  leave: "Not now",
  damaged: "The data in this link cannot be read: it is damaged or was cut off. Copy the " +
    "whole link again, or choose the file under “Your own data…”.",
  unknownSet: (set: string) =>
    `This link is to the data “${set}”, which this page does not have. It shows Moods instead.`,
  embed: {
    name: "Code to embed",
    link: "Link",
    title: "Unroll: a recurrent network",
    open: "Open in Unroll",
  },
};
