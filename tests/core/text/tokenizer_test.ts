import { assertEquals } from "@std/assert";
import {
  DEFAULT_TOKENIZER,
  joinTokens,
  letterTokenizer,
  tokenize,
  tokenizeTruncated,
  tokenUnit,
} from "#core/text/tokenizer.ts";

const cased = { lowerCase: false, punctuation: "drop" } as const;
const kept = { lowerCase: true, punctuation: "keep" } as const;

Deno.test("tokenize() lower-cases and drops punctuation by default", () => {
  assertEquals(DEFAULT_TOKENIZER, { lowerCase: true, punctuation: "drop" });
  assertEquals(tokenize("I am GOOD -- really (very) good!"), [
    "i",
    "am",
    "good",
    "really",
    "very",
    "good",
  ]);
});

Deno.test("tokenize() keeps case on request", () => {
  assertEquals(tokenize("I am GOOD.", cased), ["I", "am", "GOOD"]);
});

Deno.test("tokenize() keeps each punctuation mark as a word on request, but no spaces", () => {
  assertEquals(tokenize(" Good, no?!\n\t\u00a0…", kept), ["good", ",", "no", "?", "!", "…"]);
});

Deno.test("tokenize() keeps don't as one word, with either apostrophe", () => {
  assertEquals(tokenize("I don't."), ["i", "don't"]);
  assertEquals(tokenize("I don’t."), ["i", "don’t"]);
});

Deno.test("tokenize() keeps numbers and identifiers whole", () => {
  assertEquals(tokenize("3.14 or 1,000 for __proto__"), [
    "3.14",
    "or",
    "1,000",
    "for",
    "__proto__",
  ]);
});

Deno.test("tokenize() finds words that are not separated by spaces", () => {
  assertEquals(tokenize("我今天很高兴。"), ["我", "今天", "很", "高兴"]);
  assertEquals(tokenize("สวัสดีครับ"), ["สวัสดี", "ครับ"]);
});

Deno.test("tokenize() reads words in Cyrillic, Arabic and Devanagari", () => {
  assertEquals(tokenize("Очень ХОРОШО!"), ["очень", "хорошо"]);
  assertEquals(tokenize("جيد جدا؟"), ["جيد", "جدا"]);
  assertEquals(tokenize("बहुत अच्छा।"), ["बहुत", "अच्छा"]);
});

Deno.test("tokenize() reads each emoji as a word, including flags", () => {
  assertEquals(tokenize("fine👍🏽👩‍👩‍👧 ❤️😀😀 🇩🇪"), [
    "fine",
    "👍🏽",
    "👩‍👩‍👧",
    "❤️",
    "😀",
    "😀",
    "🇩🇪",
  ]);
});

Deno.test("tokenize() returns the same word for an accent in NFC and NFD, in either case", () => {
  for (const text of ["caf\u00e9", "cafe\u0301", "CAFE\u0301", "CAF\u00c9"]) {
    assertEquals(tokenize(text), ["caf\u00e9"]);
  }
  assertEquals(tokenize("Cafe\u0301", cased), ["Caf\u00e9"]);
});

Deno.test("tokenize() returns no words for texts without words", () => {
  assertEquals(tokenize(""), []);
  assertEquals(tokenize(" \t\r\n\u3000"), []);
  assertEquals(tokenize("?! ... --"), []);
  assertEquals(tokenize(" \t\r\n\u3000", kept), []);
});

Deno.test("tokenize() keeps up to 30 combining marks on a letter, and drops the rest", () => {
  // x has no precomposed accented form, so NFC keeps the number of marks.
  const marks = (count: number) => "x" + "\u0301".repeat(count);
  assertEquals(tokenize(marks(30)), [marks(30)]);
  assertEquals(tokenize(marks(31)), [marks(30)]);
});

Deno.test("tokenize() reads a megabyte of words, of one letter, and of combining marks", () => {
  const words = tokenize("good ".repeat(200_000));
  assertEquals([words.length, new Set(words)], [200_000, new Set(["good"])]);
  assertEquals(tokenize("a".repeat(1_000_000)).map((word) => word.length), [1_000_000]);
  // Without a limit, NFC alone would take minutes for these.
  assertEquals(tokenize("x" + "\u0301\u0323".repeat(500_000)).length, 1);
});

Deno.test("tokenize() splits into letters, with case, punctuation and one space per run of whitespace", () => {
  const letters = letterTokenizer("characters");
  assertEquals(tokenize(" O’Neill \t Jr.\n", letters), [..."O'Neill Jr."]);
  assertEquals(tokenize(" \n", letters), []);
  assertEquals(tokenize("e\u0301", letters), ["é"]);
  assertEquals(tokenize("👍🏽", letters).length, 2);
  assertEquals(tokenize("👍🏽!", letterTokenizer("graphemes")), ["👍🏽", "!"]);
  assertEquals(tokenize("A-1 👍!", { ...letters, punctuation: "drop", lowerCase: true }), [
    ...["a", "1", " ", "👍"],
  ]);
});

Deno.test("tokenizeTruncated() truncates letters at either end", () => {
  const letters = { ...letterTokenizer("characters"), maxLength: 3 };
  assertEquals(tokenizeTruncated("Smith", letters), { words: ["S", "m", "i"], isTruncated: true });
  const { words } = tokenizeTruncated("Smith", { ...letters, truncate: "start" });
  assertEquals(words, ["i", "t", "h"]);
});

Deno.test("joinTokens() is the inverse of tokenize() for letters, and joins words by spaces", () => {
  const letters = letterTokenizer("graphemes"), text = "Ana María, 🇫🇷";
  assertEquals(joinTokens(tokenize(text, letters), letters), text);
  assertEquals(joinTokens(["so", "good"]), "so good");
  assertEquals([tokenUnit(letters), tokenUnit(kept), tokenUnit()], ["graphemes", "words", "words"]);
});
