/** Files of tagged words and fastText lines, with their contents. */
import { toNfc } from "#core/text/nfc.ts";
import type { DataFormat, Example } from "@unroll/core";
import type { Dice } from "./dice.ts";

const WORDS = ["the", "good", "Bad", "naïve", "New_York", "...", "1e5", "<unk>", "👍", "__proto__"];
const TAGS = ["O", "B-PER", "I-PER", "ça", "1", "e\u0301"];

/** A file's format, its lines, and the examples in them. */
export interface TaggedFile {
  format: DataFormat;
  lines: string[];
  written: Example[];
}

/** Creates a file in one of the formats without column names. */
export function taggedFile(dice: Dice): TaggedFile {
  const format = dice.pick(["conll", "conllu", "fasttext"] as const);
  const count = dice.between(1, dice.chance(0.02) ? 300 : 8);
  const rows = Array.from({ length: count }, () => {
    const words = Array.from({ length: dice.between(1, 7) }, () => dice.pick(WORDS));
    return { words, tags: words.map(() => dice.pick(TAGS)) };
  });
  if (format === "fasttext") {
    return {
      format,
      lines: rows.map(({ words, tags: [tag] }) =>
        [...words, `__label__${tag}`].toSpliced(0, 0, ...(dice.chance(0.5) ? [" "] : [])).join(" ")
      ),
      written: rows.map(({ words, tags: [tag] }) => ({ text: words.join(" "), label: toNfc(tag) })),
    };
  }
  const separator = format === "conllu" || dice.chance(0.5) ? "\t" : " ";
  const extra = dice.below(3); // columns between the word and its tag
  const lineOf = (word: string, tag: string, i: number) =>
    (format === "conllu"
      ? [i + 1, word, "_", tag, "_", "A=1|B=2", 0, "root", "_", "_"]
      : [word, ...Array(extra).fill("x"), tag]).join(separator);
  const lines = rows.flatMap(({ words, tags }, i) => {
    const own = words.map((word, i) => lineOf(word, tags[i], i));
    if (format === "conllu" && dice.chance(0.3)) own.unshift(`# text = ${words.join(" ")}`);
    if (format === "conllu" && dice.chance(0.2)) own.push(own[0].replace(/^[^\t]*/, "1-2"));
    return [...(i === 0 ? [] : [""]), ...own];
  });
  const written = rows.map(({ words, tags }) => ({
    text: words.join(" "),
    label: toNfc(tags.join(" ")),
  }));
  return { format, lines, written };
}
