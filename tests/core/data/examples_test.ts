import { assertEquals, assertThrows } from "@std/assert";
import { decodeText } from "#core/data/decode.ts";
import { MAX_TEXT_LENGTH, parseExamples, type ParseOptions } from "#core/data/examples.ts";
import { readRows } from "#core/data/table_rows.ts";
import { InputError } from "#core/errors.ts";

/** Returns the examples as text, label and line. */
function read(content: string, options: ParseOptions = {}): [string, string | undefined, number][] {
  return parseExamples(content, { name: "f", ...options }).map(({ text, label, where }) => {
    const [, line] = /^f:(\d+)$/.exec(where ?? "") ?? [];
    return [text, label, Number(line)];
  });
}

/** Returns the message of the error that `fn` throws. */
function refusal(fn: () => unknown): string {
  return assertThrows(fn, InputError).message;
}

const NEVER_CLOSED = "the quote opened here is never closed; close it, or read quotes as text " +
  "(--quotes none)";
const AS_UTF8 = "save the file as UTF-8, or give its encoding (--encoding latin1)";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("parseExamples() reads CSV with the name data by default", () => {
  assertEquals(parseExamples("text,label\ni am good,positive\n"), [
    { text: "i am good", label: "positive", where: "data:2" },
  ]);
});

Deno.test("parseExamples() reads the same from LF, CRLF and CR, with and without a final newline", () => {
  for (const newline of ["\n", "\r\n", "\r"]) {
    for (const last of [newline, ""]) {
      assertEquals(read(["text,label", "good,up", 'bad,"down"'].join(newline) + last), [
        ["good", "up", 2],
        ["bad", "down", 3],
      ]);
    }
  }
});

Deno.test("parseExamples() reads quotes, doubled quotes, commas and newlines in fields", () => {
  assertEquals(read('"text","label"\n"a, ""b""\nc",up\n"""",down\n"""x""","d"'), [
    ['a, "b"\nc', "up", 2],
    ['"', "down", 4],
    ['"x"', "d", 5],
  ]);
});

Deno.test("parseExamples() reads a quote within an unquoted field as a character", () => {
  assertEquals(read('text,label\n6" long,up\n "a" ,down\n'), [
    ['6" long', "up", 2],
    [' "a" ', "down", 3],
  ]);
});

Deno.test("parseExamples() counts every newline within a field once: LF, CRLF or CR", () => {
  const content = 'text,label\r\n"a\r\nb\rc\nd\r",up\r\n\r\n"e\n",down\r\nf,up';
  assertEquals(read(content), [
    ["a\r\nb\rc\nd\r", "up", 2],
    ["e\n", "down", 8],
    ["f", "up", 10],
  ]);
});

Deno.test("parseExamples() skips blank lines, also before the header", () => {
  assertEquals(read("\n  \ntext,label\n\n \t\ngood,up\n\n"), [["good", "up", 6]]);
});

Deno.test("parseExamples() skips a byte order mark", () => {
  assertEquals(read("\ufefftext,label\ngood,up\n"), [["good", "up", 2]]);
  assertEquals(read('\ufeff{"text":"a","label":"up"}', { format: "jsonl" }), [["a", "up", 1]]);
});

Deno.test("parseExamples() finds columns by name, in any order", () => {
  assertEquals(read("id, label ,text,id\n1,up,good,2\n"), [["good", "up", 2]]);
  const named = { textColumn: "Review", labelColumn: "__proto__" };
  assertEquals(read("label,Review,__proto__\n1,good,up\n", named), [["good", "up", 2]]);
});

Deno.test("parseExamples() keeps a text unchanged, and trims a label", () => {
  assertEquals(read('text,label\n  good  , up \n"",\t0\n'), [
    ["  good  ", "up", 2],
    ["", "0", 3],
  ]);
});

Deno.test("parseExamples() accepts any Unicode", () => {
  assertEquals(read("text,label\n我今天很高兴 😀,快乐\nCafe\u0301\u2028,up\n"), [
    ["我今天很高兴 😀", "快乐", 2],
    ["Cafe\u0301\u2028", "up", 3],
  ]);
});

Deno.test("parseExamples() reads TSV with the quotes of CSV", () => {
  assertEquals(read('text\tlabel\na, b\tup\n"c\t""d""\ne"\tdown\n', { format: "tsv" }), [
    ["a, b", "up", 2],
    ['c\t"d"\ne', "down", 3],
  ]);
});

Deno.test("parseExamples() reads JSON Lines, and numbers and booleans as labels", () => {
  const content = '{"label":"up","text":"a\\nb","id":1}\r\n\n{"text":"c","label":0}\r' +
    '{"text":"","label":false}\n{"text":"\u2028","label":-1.5}';
  assertEquals(read(content, { format: "jsonl" }), [
    ["a\nb", "up", 1],
    ["c", "0", 3],
    ["", "false", 4],
    ["\u2028", "-1.5", 5],
  ]);
});

Deno.test("parseExamples() finds keys by name, also __proto__", () => {
  const named = { format: "jsonl", textColumn: "__proto__", labelColumn: "toString" } as const;
  assertEquals(read('{"__proto__":"good","toString":"up"}', named), [["good", "up", 1]]);
  assertEquals(
    refusal(() => read('{"__proto__":"good"}', named)),
    'f:1: no key "toString": the object has "__proto__"; name yours with the label column option',
  );
});

Deno.test("parseExamples() reports the line of a quote that is never closed", () => {
  assertEquals(
    refusal(() => read('text,label\n"a\nb",up\nc,"up\n\nd,up\n')),
    `f:4: ${NEVER_CLOSED}`,
  );
  assertEquals(
    refusal(() => read('text,label\n"a\nb","up""')),
    `f:3: ${NEVER_CLOSED}`,
  );
});

Deno.test("parseExamples() reads a field of 10 MB, and refuses it only for its size", () => {
  const content = (length: number) => `text,label\n"${'""\n'.repeat(length / 2)}",up\ngood,up\n`;
  assertEquals(read(content(MAX_TEXT_LENGTH)), [
    ['"\n'.repeat(MAX_TEXT_LENGTH / 2), "up", 2],
    ["good", "up", 3 + MAX_TEXT_LENGTH / 2],
  ]);
  assertEquals(
    refusal(() => read(content(10_000_000))),
    `f:2: the text ${JSON.stringify('"\n'.repeat(20) + "…")} has 10000000 characters; ` +
      "at most 100000 are read, so cut it into pieces",
  );
});

Deno.test("parseExamples() reads 10 MB of rows, of blank lines, and of JSON Lines", () => {
  const rows = read("text,label\n" + '"so ""good""",up\n'.repeat(625_000));
  assertEquals([rows.length, rows.at(-1)], [625_000, ['so "good"', "up", 625_001]]);
  assertEquals(read(`text,label${"\n".repeat(10_000_000)}a,up`), [["a", "up", 10_000_001]]);
  const lines = read('{"text":"good","label":1}\n'.repeat(400_000), { format: "jsonl" });
  assertEquals([lines.length, lines.at(-1)], [400_000, ["good", "1", 400_000]]);
});

Deno.test("parseExamples() refuses a text one character longer than the limit", () => {
  const line = (length: number) => JSON.stringify({ text: "a".repeat(length), label: "up" });
  assertEquals(read(line(100_000), { format: "jsonl" })[0][0].length, MAX_TEXT_LENGTH);
  assertEquals(
    refusal(() => read(line(100_001), { format: "jsonl" })),
    `f:1: the text "${"a".repeat(40)}…" has 100001 characters; at most 100000 are read, so cut ` +
      "it into pieces",
  );
});

Deno.test("parseExamples() reads texts up to the given maximum length", () => {
  const table = `text,label\n${"a".repeat(100_001)},up\nso good,down\n`;
  assertEquals(read(table, { maxTextLength: Infinity })[0][0].length, 100_001);
  assertEquals(
    refusal(() => read(table, { maxTextLength: 5 })),
    `f:2: the text "${"a".repeat(40)}…" has 100001 characters; at most 5 are read, so cut it ` +
      "into pieces",
  );
  const rows = readRows(table, { maxTextLength: Infinity });
  assertEquals([...rows].map(({ text }) => text?.length), [100_001, 7]);
});

const OWN_LINE = 'expected one JSON object per line, such as {"text": "good", "label": "up"}, got ';
const nine = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];

const refusals: Record<string, [content: string, options: ParseOptions, message: string]> = {
  "an empty CSV file": [
    "",
    {},
    "f:1: no content; expected a header such as text,label, and examples below it",
  ],
  "a blank TSV file": [
    "\ufeff \n\t\n",
    { format: "tsv" },
    "f:1: no content; expected a header such as textTABlabel, and examples below it",
  ],
  "an empty JSON Lines file": [
    "\n",
    { format: "jsonl" },
    'f:1: no content; expected a line such as {"text": "…", "label": "…"}',
  ],
  "a header alone": [
    "\ntext,label\n\n",
    {},
    "f:2: no examples below the header; add a row for each text",
  ],
  "a file without the label column": [
    "text,stars\ngood,5\n",
    {},
    'f:1: no column "label": the header has "text", "stars"; name yours with the label column option',
  ],
  "a file without the given text column": [
    "Text,label\ngood,up\n",
    { textColumn: "text" },
    'f:1: no column "text": the header has "Text", "label"; name yours with the text column option',
  ],
  "a header of one empty field": [
    '""\n',
    {},
    'f:1: no column "text": the header has ""; name yours with the text column option',
  ],
  "a header of many columns, and lists the first": [
    nine.join(),
    {},
    `f:1: no column "text": the header has ${
      nine.slice(0, 8).map((n) => `"${n}"`).join(", ")
    }, …; name yours with the text column option`,
  ],
  "semicolons in CSV if the given separator is a comma": [
    "text;label\ngood;up\n",
    { separator: "," },
    'f:1: no column "text": the header has "text;label"; the separator looks like a semicolon, ' +
    "so give that one",
  ],
  "tabs in CSV if the given separator is a comma": [
    "text\tlabel\ngood\tup\n",
    { separator: "," },
    'f:1: no column "text": the header has "text\\tlabel"; the separator looks like a tab, ' +
    "so give that one",
  ],
  "commas in TSV if the given separator is a tab": [
    "text,label\ngood,up\n",
    { format: "tsv", separator: "\t" },
    'f:1: no column "text": the header has "text,label"; the separator looks like a comma, ' +
    "so give that one",
  ],
  "two columns with the name of the text column": [
    "text,label, text\na,up,b\n",
    {},
    'f:1: two columns are named "text"; rename one',
  ],
  "two columns with the name of the label column": [
    "text,label,label\na,up,b\n",
    {},
    'f:1: two columns are named "label"; rename one',
  ],
  "a row with more fields than the header": [
    'text,label\n"a\nb",up\nc, d,up\n',
    {},
    "f:4: 3 fields where the header has 2; quote a text that contains commas",
  ],
  "a row with more fields than the header, in TSV": [
    "text\tlabel\na\tb\tup\n",
    { format: "tsv" },
    "f:2: 3 fields where the header has 2; quote a text that contains tabs",
  ],
  "a row with fewer fields than the header": [
    "text,label\ngood\nbad,down\n",
    {},
    "f:2: 1 field where the header has 2; quote a text that contains newlines",
  ],
  "text after a closing quote": [
    'text,label\n"a\n" b, c\nd,up',
    {},
    'f:3: " b, c" after a closing quote; double each quote inside a quoted text',
  ],
  "long text after a closing quote, and shortens it": [
    `text,label\n"a"${"b".repeat(100)},up`,
    {},
    `f:2: "${"b".repeat(40)}…" after a closing quote; double each quote inside a quoted text`,
  ],
  "a quote that is never closed, in TSV": [
    'text\tlabel\n"good\tup\n',
    { format: "tsv" },
    `f:2: ${NEVER_CLOSED}`,
  ],
  "an empty label": [
    'text,label\n"a\nb",up\ngood, \n',
    {},
    'f:4: "label" is empty; fill it in, or remove the row',
  ],
  "an empty label at the end of the file": [
    "text,label\ngood,",
    {},
    'f:2: "label" is empty; fill it in, or remove the row',
  ],
  "an empty label in JSON": [
    '{"text":"a","stars":""}',
    { format: "jsonl", labelColumn: "stars" },
    'f:1: "stars" is empty; fill it in, or remove the row',
  ],
  "a label of null": [
    '{"text":"a","label":null}',
    { format: "jsonl" },
    'f:1: "label" should be a string, a number or a boolean, got null',
  ],
  "a label that is an object": [
    '{"text":"a","label":{"a":1}}',
    { format: "jsonl" },
    'f:1: "label" should be a string, a number or a boolean, got the object "{\\"a\\":1}"',
  ],
  "a text that is null": [
    '\n{"text":null,"label":"up"}',
    { format: "jsonl" },
    'f:2: "text" should be a string, got null',
  ],
  "a text that is an array": [
    '{"text":[1,2],"label":"up"}',
    { format: "jsonl" },
    'f:1: "text" should be a string, got the array "[1,2]"',
  ],
  "a text that is a deeply nested array": [
    `{"text":${'[{"a":'.repeat(3e4)}null${"}]".repeat(3e4)},"label":"up"}`,
    { format: "jsonl" },
    `f:1: "text" should be a string, got the array ${
      JSON.stringify('[{"a":'.repeat(7).slice(0, 40) + "…")
    }`,
  ],
  "a label that is a long object": [
    '{"text":"a","label":{"a":[1,true,null,"x\\""],"b c":"long, long, long, long"}}',
    { format: "jsonl" },
    `f:1: "label" should be a string, a number or a boolean, got the object ${
      JSON.stringify('{"a":[1,true,null,"x\\""],"b c":"long, lo…')
    }`,
  ],
  "a last line that is not JSON": [
    '{"text":"a","label":"up"}\r\n{"text"\r\n',
    { format: "jsonl" },
    'f:2: expected one JSON object per line, such as {"text": "good", "label": "up"}, ' +
    'got "{\\"text\\""',
  ],
  "a line without the label key": [
    '{"text":"a","label":"up"}\n{"text":"b","stars":5}',
    { format: "jsonl" },
    'f:2: no key "label": the object has "text", "stars"; name yours with the label column option',
  ],
  "a line without any key": [
    "{}",
    { format: "jsonl" },
    'f:1: no key "text": the object has none; name yours with the text column option',
  ],
  "a line of many keys, and lists the first": [
    JSON.stringify(Object.fromEntries(nine.map((key) => [key, 1]))),
    { format: "jsonl" },
    `f:1: no key "text": the object has ${
      nine.slice(0, 8).map((n) => `"${n}"`).join(", ")
    }, …; name yours with the text column option`,
  ],
  "a line that is not JSON after a blank line": [
    '{"text":"a","label":"up"}\n\n{"text": \u001b[31m}',
    { format: "jsonl" },
    `f:3: ${OWN_LINE}${JSON.stringify('{"text": \u001b[31m}')}`,
  ],
  "a line that is an array": [
    '["a","up"]',
    { format: "jsonl" },
    `f:1: ${OWN_LINE}"[\\"a\\",\\"up\\"]"`,
  ],
  "a line that is null": ["null", { format: "jsonl" }, `f:1: ${OWN_LINE}"null"`],
  "a long line, and shortens it": [
    "x".repeat(10_000_000),
    { format: "jsonl" },
    `f:1: ${OWN_LINE}"${"x".repeat(40)}…"`,
  ],
};

for (const [what, [content, options, message]] of Object.entries(refusals)) {
  Deno.test(`parseExamples() refuses ${what}`, () => {
    assertEquals(refusal(() => read(content, options)), message);
  });
}

Deno.test("decodeText() reads UTF-8, and skips a byte order mark", () => {
  assertEquals(decodeText(bytes("\ufeffgut, schön 😀\r\n")), "gut, schön 😀\r\n");
  assertEquals(decodeText(bytes("")), "");
  assertEquals(decodeText(bytes("\ufffd")), "\ufffd"); // a replacement character is valid
});

Deno.test("decodeText() reads UTF-16 with a byte order mark, in either order", () => {
  assertEquals(decodeText(Uint8Array.of(0xff, 0xfe, 0x61, 0, 0xe9, 0)), "aé");
  assertEquals(decodeText(Uint8Array.of(0xfe, 0xff, 0, 0x61, 0, 0xe9)), "aé");
});

Deno.test("decodeText() reports the position of a zero byte", () => {
  assertEquals(
    refusal(() => decodeText(bytes("a\r\nb\rc\0"))),
    `data:3: a zero byte at byte offset 6, as in UTF-16 or a binary file; ${AS_UTF8}`,
  );
});

Deno.test("decodeText() reports the position of the first byte that is not UTF-8", () => {
  const e = 0xe9; // é in Latin-1; in UTF-8 the first of three bytes
  const places: [number[], line: number, offset: number, value: string][] = [
    [[e], 1, 0, "E9"],
    [[0x61, e, 0x61, e], 1, 1, "E9"],
    [[0x0a, 0x0d, 0x0a, 0x0d, 0x61, 0x80, 0x61], 4, 5, "80"],
    [[0xc3, 0xa9, 0x0a, 0xe2, 0x82], 2, 3, "E2"], // truncated at the end of the file
    [[0xe2, 0x82, 0x0a, 0x61], 1, 0, "E2"], // truncated before a newline
    [[0xef, 0xbb, 0xbf, 0x61, 0xff], 1, 4, "FF"], // after a byte order mark
    [[0xed, 0xa0, 0x80], 1, 0, "ED"], // a lone surrogate
  ];
  for (const [given, line, offset, value] of places) {
    assertEquals(
      refusal(() => decodeText(Uint8Array.from(given), "f")),
      `f:${line}: not UTF-8: the byte ${value} at byte offset ${offset}; ${AS_UTF8}`,
    );
  }
});

Deno.test("decodeText() reports the position of an invalid byte at the end of 10 MB", () => {
  const given = new Uint8Array(10_000_000).fill(0x61);
  given[5] = 0x0a;
  given[given.length - 2] = 0xe9;
  assertEquals(
    refusal(() => decodeText(given)),
    `data:2: not UTF-8: the byte E9 at byte offset 9999998; ${AS_UTF8}`,
  );
});

Deno.test("parseExamples() escapes control characters in errors", () => {
  const message = refusal(() => parseExamples("text,\u009b31m\u202elabel\na,x\n", { name: "f" }));
  assertEquals(message.includes('"\\u009b31m\\u202elabel"'), true, message);
});
