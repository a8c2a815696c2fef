import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { createDecoder, decodeText } from "#core/data/decode.ts";
import { parseExamples } from "#core/data/examples.ts";
import { type DataReading, describeReading } from "#core/data/reading.ts";
import { type Dialect, tableReader } from "#core/data/csv.ts";
import { inspectData } from "#core/data/inspect_data.ts";
import { InputError } from "#core/errors.ts";
import { encode, type LabeledRow, namedEncoding, writable, write, WRITERS } from "./dialects.ts";

/** Rows with everything that a writer must quote. */
const ROWS: LabeledRow[] = [
  ["really love the color", "good"],
  ["so, so; not\tmuch | of it", "bad"],
  ['it is "great", and 6" long', "good"],
  ["two lines,\nand a third\nline; really", "bad"],
  ["für Müller’s Straße, 5 €", "good"],
  ["", "bad"],
  ['"', "good"],
  ["semi;colon", "bad"],
  ["tab\there", "good"],
  ["  blanks around  ", "bad"],
  ["C:\\temp\\new", "good"],
  ["D:\\", "bad"],
  ['\\"a\\\\', "good"],
];

for (const [name, writer] of Object.entries(WRITERS)) {
  Deno.test(`the rows that ${name} writes are read back`, () => {
    for (const newline of ["\n", "\r\n", "\r"]) {
      for (const hasMark of [true, false]) {
        const named = namedEncoding(writer, hasMark), rows = writable(writer, ROWS);
        const bytes = encode(write(writer, newline, rows), writer.encoding, hasMark);
        const content = decodeText(bytes, "f", named);
        for (const format of ["csv", "tsv"] as const) {
          const read = parseExamples(content, { format });
          assertEquals(read.map(({ text, label }) => [text, label]), rows);
          const { examples, problems } = inspectData(content, { format });
          assertEquals([examples.length, problems], [rows.length, []]);
        }
      }
    }
  });
}

const records = (chunks: string[], dialect: Dialect) => {
  const columns = [{ name: "1", role: "text" }, { name: "2", role: "label" }];
  const reader = tableReader(dialect, "f", columns);
  const found = [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
  return found.map((record) => [record.line, record.get("1"), record.get("2")]);
};

Deno.test("a table yields the same records in two chunks at any boundary, or character by character", () => {
  for (const [name, writer] of Object.entries(WRITERS)) {
    for (const newline of ["\n", "\r\n", "\r"]) {
      for (const header of [true, false]) {
        const rows = writable(writer, ROWS), content = write(writer, newline, rows);
        const { separator, quotes = "double" } = writer;
        const areRowsNamed = header && writer.index?.(0) === undefined &&
          writer.index !== undefined;
        const dialect: Dialect = { separator, quotes, header, areRowsNamed };
        if (writer.index && !writer.index(0) && !header) continue; // rows with an extra field
        const whole = records([content], dialect);
        assertEquals(whole.length, rows.length + (header ? 0 : 1), name);
        for (let at = 0; at <= content.length; at++) {
          assertEquals(records([content.slice(0, at), content.slice(at)], dialect), whole, name);
        }
        assertEquals(records([...content], dialect), whole, name);
      }
    }
  }
});

Deno.test("a table throws the same error after the same records at any chunk boundary", () => {
  const bad = [
    'a,b\nc,d\n"e\n" f, g\nh,i',
    'a,b\r\nc,d\r\n"e,f\r\ng,h\r\n',
    "a,b\nc,d\ne\nf,g",
    'a,b\nc,d\n"e,d\nf,d\nh",d\n',
  ];
  const dialect: Dialect = { separator: ",", quotes: "double", header: true };
  const columns = [{ name: "a", role: "text" }];
  const outcome = (chunks: string[]) => {
    const reader = tableReader(dialect, "f", columns), found: unknown[] = [];
    const error = assertThrows(() => {
      for (const chunk of chunks) found.push(...reader.push(chunk).map((r) => r.get("a")));
      reader.end();
    }, InputError);
    return [error.message, found];
  };
  for (const content of bad) {
    const whole = outcome([content]);
    assertEquals(whole[1], ["c"]);
    for (let at = 0; at <= content.length; at++) {
      assertEquals(outcome([content.slice(0, at), content.slice(at)]), whole);
    }
  }
});

const rowsOf = (content: string, options = {}) =>
  parseExamples(content, options).map(({ text, label }) => [text, label]);

Deno.test("a quote that includes whole rows is an error at the line where it opened", () => {
  const tsv =
    'label\ttext\nham\tat noon\nham\t"Patience is all\nspam\twin\nham\tsize 42"\nham\tok\n';
  const problem = "data:3: the quote opened here is probably never closed";
  const error = assertThrows(() => parseExamples(tsv, { format: "tsv" }), InputError);
  assertStringIncludes(error.message, problem);
  assertStringIncludes(error.message, "--quotes none");
  assertEquals(rowsOf(tsv, { format: "tsv", quotes: "none" })[1], ['"Patience is all', "ham"]);
  const csv = 'text,label\nfine,up\n"open,up\nbad,down\nsize 5",up\n';
  assertThrows(() => parseExamples(csv), InputError, problem);
});

Deno.test("a quoted text can have several lines with commas", () => {
  const text = "nice,\nbut dear, and\n1,5 kg\nup,or";
  assertEquals(rowsOf(`text,label\nfine,up\n"${text}",up\n`), [["fine", "up"], [text, "up"]]);
});

Deno.test("in TSV, quotes that cannot quote a field are text", () => {
  const tsv = 'text\tlabel\n"love it 5" screen\tup\n"so"\tdown\n"a ""b""" c\tup\n';
  assertEquals(rowsOf(tsv, { format: "tsv" }), [
    ['"love it 5" screen', "up"],
    ["so", "down"],
    ['"a ""b""" c', "up"],
  ]);
  const unquoted = 'text\tlabel\n"love it" she said\tup\n"never closed\tdown\nend\tup\n';
  assertEquals(rowsOf(unquoted, { format: "tsv" })[1], ['"never closed', "down"]);
});

Deno.test("a table may have a hundred thousand columns", () => {
  const row = ",x".repeat(150_000);
  assertEquals(rowsOf(`text,label${row}\na,b${row}\n"c\n1",b${row}`).length, 2);
});

Deno.test("rows with only separators are skipped, and a title above the header is reported", () => {
  assertEquals(rowsOf("text,label\na,up\n,\n , \n\n"), [["a", "up"]]);
  const titled = "Report of 2026,\n\ntext,label\na,up\n";
  const message = "line 3 looks like the header, so remove the lines above it";
  assertThrows(() => parseExamples(titled), InputError, message);
  assertThrows(() => parseExamples(titled, { guess: true }), InputError, message);
  assertThrows(() => inspectData(titled), InputError, message);
});

const said = (content: string, options = {}) => {
  const readings: DataReading[] = [];
  parseExamples(content, { guess: true, onRead: (reading) => readings.push(reading), ...options });
  return readings[0].isGuessed ? describeReading(readings[0]) : undefined;
};

Deno.test("what was detected is reported, but nothing for a plain file", () => {
  assertEquals(said("text,label\na b,up\n"), undefined);
  assertEquals(said("id,text,label\n1,a b,up\n"), undefined);
  assertEquals(
    said("text;label\na, b;up\n"),
    'CSV with semicolons, header, 1 row; texts in "text", labels in "label"',
  );
  assertEquals(
    said("id,review,stars\n1,very good,5\n2,very bad,1\n3,so so,5\n4,not good,1\n"),
    'CSV, header, 4 rows; texts in "review", labels in "stars"',
  );
});

Deno.test("backslashes are escapes if the table is only consistent with them", () => {
  const r = '"text" "label"\n"1" "so \\"good\\"" "up"\n"2" "not, really" "down"\n';
  assertEquals(
    said(r),
    'CSV with spaces, backslash escapes, header, 2 rows; texts in "text", labels in "label"',
  );
  const postgres = "so good\\nreally\tup\n\\N\tdown\nso bad\tdown\nso so\tup\n";
  assertEquals(
    said(postgres, { format: "tsv" }),
    "TSV, quotes are text, backslash escapes, no header, 4 rows; texts in column 1, " +
      "labels in column 2",
  );
  assertEquals(rowsOf(postgres, { format: "tsv", header: false, quotes: "none" })[1], [
    "\\N",
    "down",
  ]);
  const pandas = 'text,label\nso \\"good\\",up\n"C:\\\\, \\"D:\\\\\\"",down\n';
  assertEquals(rowsOf(pandas), [['so "good"', "up"], ['C:\\, "D:\\"', "down"]]);
});

Deno.test("backslashes are text if the table is consistent without them", () => {
  const same = (content: string, options = {}) => {
    assertEquals(rowsOf(content, options), rowsOf(content, { ...options, quotes: "double" }));
    assertEquals(said(content, options)?.includes("escapes") ?? false, false);
    return rowsOf(content, options)[0][0];
  };
  const tsv = { format: "tsv" };
  assertEquals(same("text\tlabel\nC:\\temp\\new\tup\nD:\\\tdown\n", tsv), "C:\\temp\\new");
  assertEquals(same('text,label\n"C:\\",up\n"D:\\",down\n'), "C:\\");
  assertEquals(same('text,label\n"C:\\","up"\n"a ""b""","down"\n'), "C:\\");
  assertEquals(same("text\tlabel\na\\nb \\\\ \\theta\tup\nc\tdown\n", tsv), "a\\nb \\\\ \\theta");
  assertEquals(same('text\tlabel\n"C:\\" and "D:\\"\tup\nc\tdown\n', tsv), '"C:\\" and "D:\\"');
  assertEquals(same('text,label\nsize 6\\" or 7",up\n'), 'size 6\\" or 7"');
  // Hive's null value, in a table with doubled quotes.
  assertEquals(same('text,label\n"it ""is"" so",up\n"C:\\x",down\n\\N,up\n'), 'it "is" so');
});

Deno.test("escapes are decoded, and line numbers are those of the file", () => {
  const options = { separator: "\t", quotes: "escapes", header: false } as const;
  const table = "a\\\nb\\tc\tup\n\\.\nd\\q\te\\\\\n";
  const columns = { textColumn: "1", labelColumn: "2" };
  assertEquals(parseExamples(table, { ...options, ...columns }), [
    { text: "a\nb\tc", label: "up", where: "data:1" },
    { text: "dq", label: "e\\", where: "data:4" },
  ]);
  const backslash = { ...options, separator: ",", quotes: "backslash" } as const;
  assertEquals(rowsOf('"a\\"b\\n\\\\","up"\nc\\,d\\n,"e"\n', { ...backslash, ...columns }), [
    ['a"b\\n\\', "up"],
    ["c,d\\n", "e"],
  ]);
});

Deno.test("detecting escapes takes linear time on hostile tables", () => {
  const start = performance.now();
  for (const part of ['"\\"\t', '\\"', "\\", '\t"\\', '"\\\\"\\', "\\N\t", "\\\r", '\t"\\"a']) {
    const content = `text\tlabel\n${part.repeat(2 ** 18 / part.length)}`;
    inspectDataOf(content);
  }
  const milliseconds = performance.now() - start;
  assertEquals(milliseconds < 8000, true, `${milliseconds} ms`);
});

const inspectDataOf = (content: string) => {
  for (const quotes of [undefined, "backslash", "escapes"] as const) {
    try {
      inspectData(content, { format: "tsv", quotes });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
};

Deno.test("a table without a header is read by column number", () => {
  const csv = "love the color,good\nnever arrived,bad\nvery happy,good\n";
  assertEquals(said(csv), "CSV, no header, 3 rows; texts in column 1, labels in column 2");
  const options = { header: false, textColumn: "2", labelColumn: "1" };
  assertEquals(rowsOf("up,a b\ndown,c\n", options), [["a b", "up"], ["c", "down"]]);
  assertEquals(rowsOf("x,review\nup,a b\n", { textColumn: "2", labelColumn: "1" }), [[
    "a b",
    "up",
  ]]);
  const pairs = "Go.\tVa !\tCC-BY\nHi.\tSalut !\tCC-BY\n";
  assertEquals(rowsOf(pairs, { format: "tsv", kind: "pairs" }), [
    ["Go.", "Va !"],
    ["Hi.", "Salut !"],
  ]);
});

Deno.test("columns without a name are ignored", () => {
  const csv = "v1,v2,,,\nham,so good,,,\nspam,win a prize,,,\nham,at noon,,x,\n";
  assertEquals(rowsOf(csv, { guess: true })[2], ["at noon", "ham"]);
  assertEquals(inspectData(csv).examples.length, 3);
});

Deno.test("columns are not guessed if several fit", () => {
  const names = "name,country\nAda,up\nBob,up\nCid,down\nDee,down\n";
  assertEquals(rowsOf(names, { guess: true })[0], ["Ada", "up"]);
  const pairs = "text,label\na,b\n";
  assertThrows(() => parseExamples(pairs, { kind: "pairs", guess: true }), InputError, "source");
  const csv = "title,body,stars\na b,c d,5\ne f,g h,5\n";
  assertThrows(() => parseExamples(csv, { guess: true }), InputError, 'no column "text"');
});

Deno.test("createDecoder() decodes the same text at any chunk boundary", () => {
  const text = "gut, schön 😀\r\nÄ";
  const cases: [Uint8Array, string | undefined][] = [
    [encode(text, undefined, false), undefined],
    [encode(text, undefined, true), undefined],
    [encode(text, "utf-16le", true), undefined],
    [encode(text, "utf-16le", false), "utf-16le"],
  ];
  for (const [bytes, encoding] of cases) {
    for (let at = 0; at <= bytes.length; at++) {
      const decoder = createDecoder("f", encoding);
      const read = decoder.push(bytes.slice(0, at)) + decoder.push(bytes.slice(at));
      assertEquals(read + decoder.end(), text);
    }
  }
});

Deno.test("createDecoder() reports the position of an invalid byte, at any chunk boundary", () => {
  const bad = Uint8Array.of(0x61, 0x0d, 0x0a, 0xc3, 0xa9, 0xe2, 0x82, 0x0a, 0x61);
  for (let at = 0; at <= bad.length; at++) {
    const decoder = createDecoder("f");
    const read = () => {
      decoder.push(bad.slice(0, at));
      decoder.push(bad.slice(at));
      decoder.end();
    };
    assertThrows(read, InputError, "f:2: not UTF-8: the byte E2 at byte offset 5; save");
  }
});

Deno.test("decodeText() reads encodings by their names", () => {
  assertEquals(decodeText(Uint8Array.of(0x63, 0xe9, 0x80), "f", "latin1"), "cé€");
  assertEquals(decodeText(Uint8Array.of(0x83, 0x65), "f", "shift_jis"), "テ");
  const unknown = () => decodeText(Uint8Array.of(0x61), "f", "latin-7");
  assertThrows(unknown, InputError, 'unknown encoding "latin-7"');
  const odd = () => decodeText(Uint8Array.of(0xff, 0xfe, 0x61), "f");
  assertThrows(odd, InputError, "f:1: not valid UTF-16LE");
});
