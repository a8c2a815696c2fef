/** Files in the formats of other programs. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inFolder, start, unroll } from "./helpers.ts";

const TRAIN = ["train", "--epochs", "1", "--data"];
const ROWS = [["so, so good", "up"], ["bad", "down"], ["very good", "up"], ["so bad", "down"]];

function utf16(text: string): Uint8Array {
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return Uint8Array.from([0xff, 0xfe, ...units.flatMap((unit) => [unit & 255, unit >> 8])]);
}

Deno.test("train detects and reports semicolons, UTF-16 with tabs, and no header", () =>
  inFolder(async (cwd) => {
    const rows = (separator: string, header = true) =>
      [...(header ? [["text", "label"]] : []), ...ROWS].map((row) => `${row.join(separator)}\n`)
        .join("");
    const columns = 'texts in "text", labels in "label"\n';
    const numbers = "texts in column 1, labels in column 2\n";
    const files: [string, string | Uint8Array, string[], string][] = [
      ["eu.csv", rows(";"), [], `eu.csv: CSV with semicolons, header, 4 rows; ${columns}`],
      ["eu.csv", rows(";"), ["--separator", "semicolon"], ""],
      ["sep.csv", `sep=|\n${rows("|")}`, ["--separator=|"], ""],
      ["unicode.tsv", utf16(rows("\t")), [], ""],
      ["none.tsv", rows("\t", false), [], `none.tsv: TSV, no header, 4 rows; ${numbers}`],
      ["none.tsv", rows("\t", false), ["--no-header", "--text-column=1", "--label-column=2"], ""],
      ["own.tsv", rows("\t").replace("text\tlabel", "a\tb"), ["--text-column", "1"], ""],
    ];
    for (const [name, content, flags, said] of files) {
      if (typeof content === "string") await Deno.writeTextFile(`${cwd}/${name}`, content);
      else await Deno.writeFile(`${cwd}/${name}`, content);
      const { status, out, err } = await unroll([...TRAIN, name, ...flags], { cwd });
      if (name === "own.tsv") assertStringIncludes(err, 'texts in column 1, labels in "b"');
      else assertEquals(err, said);
      assertEquals(status, 0);
      assertStringIncludes(out, "4 sentences: 4 words, 2 labels");
    }
    const evaluated = await unroll(["evaluate", "--data", "eu.csv"], { cwd });
    assertEquals([evaluated.status, evaluated.err], [0, files[0][3]]);
  }));

Deno.test("--encoding reads Latin-1 in files and standard input; without it, Latin-1 is refused", () =>
  inFolder(async (cwd) => {
    const latin = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
    await Deno.writeFile(`${cwd}/own.csv`, latin("text,label\ncafé,up\nbad,down\n"));
    const refused = await unroll([...TRAIN, "own.csv"], { cwd });
    assertEquals(refused.status, 2);
    assertStringIncludes(refused.err, "own.csv:2: not UTF-8: the byte E9 at byte offset 14; save");
    const { status, err } = await unroll([...TRAIN, "own.csv", "--encoding", "latin1"], { cwd });
    assertEquals([status, err], [0, ""]);
    const ask = async (...flags: string[]) => {
      const child = start(["predict", ...flags], { cwd, input: true });
      const writer = child.stdin.getWriter();
      await writer.write(latin("bad\ncafé\n"));
      await writer.close();
      const { code, stdout, stderr } = await child.output();
      const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      return { code, out, err };
    };
    const strict = await ask();
    assertEquals([strict.code, strict.out], [2, ""]);
    assertStringIncludes(strict.err, "error: standard input:2: not UTF-8: the byte E9");
    const read = await ask("--encoding=latin1");
    assertEquals([read.code, read.err], [0, ""]);
    assertStringIncludes(read.out, "café");
  }));

Deno.test("train reports the line of an unclosed quote, which --quotes none reads as text", () =>
  inFolder(async (cwd) => {
    const rows = ["label\ttext", 'up\t"so good', "down\tbad", 'up\t5"', "down\tbad"];
    await Deno.writeTextFile(`${cwd}/own.tsv`, rows.join("\n"));
    const refused = await unroll([...TRAIN, "own.tsv", "--strict"], { cwd });
    assertEquals(refused.status, 2);
    const leftOut = await unroll([...TRAIN, "own.tsv"], { cwd });
    assertStringIncludes(
      leftOut.err,
      "  own.tsv:2: the quote opened here is probably never closed",
    );
    assertStringIncludes(refused.err, "own.tsv:2: the quote opened here is probably never closed");
    assertStringIncludes(refused.err, "--quotes none");
    const { status, out } = await unroll([...TRAIN, "own.tsv", "--quotes", "none"], { cwd });
    assertEquals(status, 0);
    assertStringIncludes(out, "4 sentences");
  }));

Deno.test("train reads files by R and databases, and --quotes overrides the detection", () =>
  inFolder(async (cwd) => {
    const r = '"text" "label"\n"1" "so \\"good\\"" "up"\n"2" "not good" "down"\n';
    const database = "so good.\\nReally\tup\n\\N\tdown\nso bad\tdown\nso so\tup\n";
    await Deno.writeTextFile(`${cwd}/r.csv`, r);
    await Deno.writeTextFile(`${cwd}/copy.tsv`, database);
    const first = await unroll([...TRAIN, "r.csv", "--json"], { cwd });
    assertStringIncludes(
      first.err,
      'r.csv: CSV with spaces, backslash escapes, header, 2 rows; texts in "text"',
    );
    const reading = JSON.parse(first.out.split("\n", 1)[0]);
    assertEquals([reading.separator, reading.quotes, reading.rows], [" ", "backslash", 2]);
    const second = await unroll([...TRAIN, "copy.tsv"], { cwd });
    assertStringIncludes(
      second.err,
      "copy.tsv: TSV, quotes are text, backslash escapes, no header",
    );
    assertStringIncludes(second.err, 'copy.tsv:2: the text "" has no words');
    const text = await unroll([...TRAIN, "copy.tsv", "--quotes", "none", "--no-header"], { cwd });
    assertStringIncludes(
      text.err,
      "1 of 4 texts contain escaped line breaks or tabs",
    );
    assertStringIncludes(text.err, "or read a table of a database with --quotes escapes\n");
  }));

Deno.test("texts in both splits are reported, also test rows in another case", () =>
  inFolder(async (cwd) => {
    const rows = Array.from({ length: 160 }, (_, i) => `so ${i % 4 ? i : 0},${i % 2 ? "a" : "b"}`);
    await Deno.writeTextFile(`${cwd}/own.csv`, `text,label\n${rows.join("\n")}\n`);
    await Deno.writeTextFile(`${cwd}/test.csv`, "text,label\nSO 0,b\nso 700,a\n");
    const args = [...TRAIN, "own.csv", "--test", "test.csv", "--hidden", "2", "--json"];
    const { status, out, err } = await unroll(args, { cwd });
    assertEquals(status, 0);
    assertMatch(
      err,
      /warning: own\.csv: \d of 24 validation examples have texts of the training split, so the/,
    );
    assertStringIncludes(err, "warning: test.csv: 1 of 2 test examples is also a training example");
    const events = out.trim().split("\n").map((line) => JSON.parse(line));
    const kinds = events.filter(({ type }) => type === "warning").map(({ kind }) => kind);
    assertEquals(kinds.includes("repeated-texts"), true);
  }));

Deno.test("flags for tables are refused for other files, and so are invalid separators", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.jsonl`, '{"text":"a","label":"b"}\n');
    const refused: [string[], string][] = [
      [[...TRAIN, "own.jsonl", "--separator", ";"], "--separator: is for CSV and TSV, got own.js"],
      [["train", "--no-header"], "--no-header: needs a file; give --data FILE"],
      [[...TRAIN, "own.csv", "--separator", "ab"], "--separator: expected one character, or comma"],
      [[...TRAIN, "own.jsonl", "--encoding", "latin-7"], 'unknown encoding "latin-7"'],
      [["predict", "--encoding", "latin1", "good"], "--encoding: is for standard input"],
    ];
    await unroll(["train", "--epochs", "1"], { cwd });
    for (const [args, says] of refused) {
      const { status, err } = await unroll(args, { cwd });
      assertEquals(status, 2);
      assertStringIncludes(err, says);
    }
  }));

Deno.test("a folder's files are read in the order of their names, and skipped ones are reported", () =>
  inFolder(async (cwd) => {
    await Deno.mkdir(`${cwd}/own/more.csv`, { recursive: true });
    const table = ["text,label", ...ROWS.map(([text, label]) => `"${text}",${label}`)].join("\n");
    await Deno.writeTextFile(`${cwd}/own/b.csv`, table);
    await Deno.writeTextFile(`${cwd}/own/a.csv`, table);
    const files = (out: string) =>
      out.split("\n").filter((line) => line.includes('"reading"')).map((line) =>
        JSON.parse(line).file
      );
    const some = await unroll([...TRAIN, "own", "--json"], { cwd });
    assertEquals(files(some.out), ["own/a.csv", "own/b.csv"]);
    assertEquals(some.err, "own: 1 entry left out, which is not a data file: more.csv/\n");
    await Deno.writeTextFile(`${cwd}/own/notes.md`, "to do");
    await Deno.writeTextFile(`${cwd}/own/.hidden.csv`, "x");
    const { err } = await unroll([...TRAIN, "own"], { cwd });
    assertEquals(err, "own: 2 entries left out, which are not data files: more.csv/, notes.md\n");
  }));
