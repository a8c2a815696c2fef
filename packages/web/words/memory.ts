/**
 * The words of memory: how far each word reaches, and the sentences that light up a unit.
 *
 * @module
 */
import { count } from "./numbers.ts";

/** The words. */
export const memory = {
  reach: {
    title: "How far each word reaches",
    lede:
      "Each row leaves one word out of the sentence above. The darker a cell, the more of the state " +
      "after that column's word depends on it. Where a row fades, the network forgets.",
    left: "left out",
    scale: "difference of the states",
    none: "Type a sentence above to see how far its words reach.",
    unreadable: "This network cannot read the sentence.",
    now: "This network",
    kept: "The kept network",
    layer: (layer: number) => `Layer ${layer}`,
    cell: (left: string, after: string, value: string) =>
      `Without “${left}”, the state after “${after}” differs by ${value}`,
    end: (last: string, most: string, value: string) =>
      `After “${last}”, the state depends most on “${most}”: ${value}.`,
    cut: (words: number) => `The first ${count(words)} words are compared.`,
  },
  sentences: {
    title: (unit: number) => `Sentences that light up unit ${unit}`,
    lede: "Of the data, with the unit's state under each word. The word where it peaks is marked.",
    high: "Highest",
    low: "Lowest",
    none: "In none of the sentences.",
    some: (read: number, of: number) =>
      read < of ? `Among the first ${count(read)} of ${count(of)}.` : `Among all ${count(of)}.`,
    show: (text: string, word: string, value: string) =>
      `Show “${text}” in the picture: the unit is ${value} after “${word}”`,
    value: (word: string, value: string) => `${word}: ${value}`,
  },
};
