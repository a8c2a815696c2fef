/**
 * The texts of memory: how far each word reaches, and the sentences that light up a unit.
 *
 * @module
 */
import { cells } from "./cells.ts";
import { count } from "./numbers.ts";

/** The texts. */
export const memory = {
  units: { word: "word", symbol: "symbol" },
  reach: {
    title: (unit: string) => `How far each ${unit} reaches`,
    lede: (unit: string) =>
      `Each row leaves one ${unit} out of the text above. The stronger the color, the more the state ` +
      `after that column's ${unit} depends on it. Where a row fades, the network forgets.`,
    left: "left out",
    none: "Type a text above to see how far it reaches.",
    unreadable: "This network cannot read the text.",
    now: (cell: string) => `This network: ${cells[cell]}`,
    kept: (cell: string) => `The kept network: ${cells[cell]}`,
    layer: (layer: number) => `Layer ${layer}`,
    cell: (left: string, after: string, value: string) =>
      `Without “${left}”, the state after “${after}” differs by ${value}`,
    end: (last: string, most: string, value: string) =>
      `After “${last}”, the state depends most on “${most}”: ${value}.`,
    cut: (words: number) => `The first ${count(words)} words are compared.`,
  },
  sentences: {
    title: (unit: number) => `Sentences that light up unit ${unit}`,
    lede: "From the data, with the unit's state under each word. Its peak is marked.",
    ledeSymbols: "From the data, with the unit's state under each symbol. Its peak is marked.",
    high: "Highest",
    low: "Lowest",
    none: "None of the sentences.",
    some: (read: number, of: number) =>
      read < of ? `Among the first ${count(read)} of ${count(of)}.` : `Among all ${count(of)}.`,
    show: (text: string, word: string, value: string) =>
      `Show “${text}” in the picture: the unit is ${value} after “${word}”`,
    value: (word: string, value: string) => `${word}: ${value}`,
  },
};
