import { displayWidth, InputError, printable, quote } from "@unroll/core";
import { assert, assertEquals } from "@std/assert";

/** Control characters, and those that are invisible or reverse the direction of text. */
const UNSAFE = [
  ...Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)),
  ...Array.from({ length: 33 }, (_, i) => String.fromCharCode(0x7f + i)),
  ..."\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad",
  ..."\u2028\u2029\u{1d173}\u{e0041}",
  "\ud800",
  "\udfff",
];

Deno.test("printable() and quote() escape control characters and invisible ones", () => {
  for (const c of UNSAFE) {
    for (const shown of [printable(`a${c}b`), quote(`a${c}b`), new InputError(`a${c}b`).message]) {
      assert(!shown.includes(c) && shown.isWellFormed(), `${c.codePointAt(0)}: ${shown}`);
    }
  }
  assertEquals(
    printable("\x1b]0;t\x07 \x9b2J \u202e \ud83d \u{e0041}\n"),
    "\\u001b]0;t\\u0007 \\u009b2J \\u202e \\ud83d \\u{e0041}\\n",
  );
});

Deno.test("printable() keeps words of every script, joined emoji and printable characters", () => {
  const family = "👨‍👩‍👧 gut, schön, 日本語, สวัสดี";
  assertEquals(printable(family), family);
  assertEquals(printable(printable("a\x1b\\")), printable("a\x1b\\"));
});

Deno.test("printable() shortens by display width: wide characters take two columns, escapes their length", () => {
  assertEquals(printable("abcdef", 6), "abcdef");
  assertEquals(printable("abcdefg", 6), "abcde…");
  assertEquals(printable("日本語", 6), "日本語");
  assertEquals(printable("日本語です", 6), "日本…");
  assertEquals(printable("😀😀😀", 4), "😀…");
  assertEquals(printable("\x1b".repeat(9), 15), "\\u001b\\u001b\\u…");
  for (let most = 1; most < 20; most++) {
    const shown = printable(`${"x".repeat(10)}\u{1f600}`.repeat(100_000), most);
    assert(shown.length <= most && shown.endsWith("…"), shown);
  }
});

Deno.test("quote() shortens to forty characters, and shows other values as JSON", () => {
  assertEquals(quote("x".repeat(40)), `"${"x".repeat(40)}"`);
  assertEquals(quote("x".repeat(41)), `"${"x".repeat(40)}…"`);
  assertEquals(quote("😀".repeat(5_000_000)), `"${"😀".repeat(40)}…"`);
  assertEquals(quote({ a: [1, null] }), '"{\\"a\\":[1,null]}"');
  assertEquals(quote(undefined), '"undefined"');
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  assertEquals(quote(circle), `"${'{\\"self\\":'.repeat(5)}…"`); // the first forty characters
  assertEquals(["a", "b"].map(quote), ['"a"', '"b"']); // the index is not a length
});

Deno.test("displayWidth() counts columns: two for wide characters, none for combining marks", () => {
  const widths: [string, number][] = [
    ["", 0],
    ["good…", 5],
    ["scho\u0308n", 5],
    ["日本語、ひらがな", 16],
    ["ｶﾀｶﾅ", 4],
    ["ｆｕｌｌ", 8],
    ["한국", 4],
    ["ที่นี่", 2],
    ["😀⭐", 4],
    ["🇩🇪", 2],
    ["Привет αβγ", 10],
  ];
  for (const [text, width] of widths) assertEquals(displayWidth(text), width, text);
});
