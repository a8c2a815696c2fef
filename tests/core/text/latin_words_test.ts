import { assertEquals } from "@std/assert";
import { latinWords, threes } from "#core/text/latin_words.ts";
import { splitSymbols } from "#core/text/symbols.ts";
import { segmentWords, tokenize } from "#core/text/tokenizer.ts";
import { toNfc } from "#core/text/nfc.ts";
import { Dice } from "../../fuzz/dice.ts";

/** Compares the two segmenters, with and without punctuation; joined texts compare faster. */
function assertSameWords(text: string) {
  for (const keepsMarks of [false, true]) {
    const words = latinWords(text, keepsMarks);
    if (words?.join("\0") === segmentWords(text, keepsMarks).join("\0")) continue;
    assertEquals(words, segmentWords(text, keepsMarks), JSON.stringify(text));
  }
}

const TRICKY = [
  ..."don't|3.14|a.b.c|1,000|rock'n'roll|e-mail|_x_|a_b|U.S.A.|http://x.y/z?q=1|'tis|1'000".split(
    "|",
  ),
  ...["can''t", "a\tb", "a\r\nb", "_", "__", "_'a", "a'_", "1._", "1.2.3,4", "a.5", "5.a", "a'1"],
  ...["12:30", "1;2", "a;b", "-1.5", "x3.5", "", " ", "'", "''", "1.", ".1", "a'", "\r", "\n\n"],
  ...[
    "C'est-à-dire",
    "naïve",
    "É'É",
    "ſ's",
    "5 £",
    "a\u00a0b",
    "\0a\u0001",
  ],
];

Deno.test("latinWords() finds the same words as the engine's segmenter", () => {
  for (const text of TRICKY) assertSameWords(text);
  for (const text of threes().split("\n")) assertSameWords(text);
});

Deno.test("every character is segmented the same alone, between letters or digits, and doubled", () => {
  for (let code = 0; code < 0x2060; code++) {
    const mark = String.fromCharCode(code);
    if (latinWords(mark, true) === undefined) continue;
    for (const text of [mark, `a${mark}b`, `1${mark}2`, `${mark}${mark}`, `_${mark}a${mark}'s`]) {
      assertSameWords(text);
    }
  }
});

Deno.test("30,000 random texts are segmented the same, in ASCII and with other Latin letters", () => {
  const dice = new Dice(1, 1);
  const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
    .filter((each) => latinWords(each, true));
  const often = [..."aB1_'.,;: \"-\n"], latin = [..."éßÿāžǆ«»–—“”„…×¿"];
  const pools = [ascii, often, [...often, ...latin], [...ascii, ...often, ...latin]];
  for (let i = 0; i < 30_000; i++) {
    const pool = dice.pick(pools);
    const length = dice.between(1, i % 100 === 0 ? 200 : 12);
    assertSameWords(Array.from({ length }, () => dice.pick(pool)).join(""));
  }
});

Deno.test("a limit returns the first words of the whole text, and the text after them matters", () => {
  for (const text of ["I don't, at 3.14", "a _ b", "it's. so", "1.5.x y"]) {
    for (let most = 1; most < 8; most++) {
      for (const keepsMarks of [false, true]) {
        const first = segmentWords(text, keepsMarks).slice(0, most);
        assertEquals(latinWords(text, keepsMarks, most), first);
        assertEquals(segmentWords(text, keepsMarks, most), first);
      }
    }
  }
  for (const text of ["it'да", "a\u0301 b", "1,٣", "x\u200d"]) {
    assertEquals(latinWords(text, true, 1), undefined);
  }
});

Deno.test("texts with any other character are left to the segmenter", () => {
  for (const text of ["да", "a\u0301", "a\u00adb", "©", "a·b", "a’b", "x\u200b", "👍", "ⅷ", "ʼ"]) {
    assertEquals(latinWords(text, true), undefined);
    assertEquals(latinWords(`so good, ${text}`, true), undefined);
    assertEquals(latinWords(`it'${text}`, true), undefined);
  }
  assertEquals(tokenize("I don't, да"), ["i", "don't", "да"]);
});

Deno.test("graphemes of Latin texts are those of the engine's segmenter, and NFC does not change them", () => {
  const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
  const all = Array.from({ length: 0x300 }, (_, code) => String.fromCharCode(code));
  const dice = new Dice(2, 1);
  const texts = [...all, ...all.map((each) => `a${each}${each}b`)];
  for (let i = 0; i < 10_000; i++) {
    texts.push(Array.from({ length: dice.between(1, 12) }, () => dice.pick(all)).join(""));
  }
  for (const text of texts) {
    const lines = text.replaceAll(/\r\n?/g, "\n");
    const graphemes = Array.from(segmenter.segment(lines), ({ segment }) => segment);
    assertEquals(splitSymbols(text, "graphemes").join("\0"), graphemes.join("\0"));
    assertEquals(toNfc(text), text.normalize("NFC"));
    assertEquals(toNfc(text), text);
  }
});
