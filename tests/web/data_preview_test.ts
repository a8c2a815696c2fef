import { DATA_FORMATS, type DataFormat } from "@unroll/core";
import { assertEquals } from "@std/assert";
import { commandOf } from "#web/command.ts";
import { filesOf } from "#web/data_files.ts";
import type { Given } from "#web/data_protocol.ts";
import { ARTICLE } from "#web/settings.ts";
import { inspectFiles } from "#web/worker/data_preview.ts";

async function preview(name: string, content: string, task = "classification") {
  const files = [{ source: new Blob([content]), name }], isPasted = name === "pasted.csv";
  const { preview } = await inspectFiles({ files, task, isPasted });
  return preview;
}

Deno.test("the page detects the format of data by its name or its beginning", async () => {
  const contents: Record<DataFormat, string> = {
    csv: "text,label\na b,X Y\nc,X\n",
    tsv: "text\tlabel\na b\tX Y\nc\tX\n",
    jsonl: '{"tokens":["a","b"],"tags":["X","Y"]}\n{"text":"c","label":"X"}\n',
    json: '[{"text":"a b","label":"X Y"},\n{"text":"c","label":"X"}]',
    conll: "a\tX\nb\tY\n\nc\tX\n",
    conllu: ["1\ta", "2\tb", "", "1\tc"]
      .map((row, i) => row && `${row}\t_\t${i % 2 ? "Y" : "X"}${"\t_".repeat(6)}`).join("\n")
      .replace("c\t_\tY", "c\t_\tX"),
    fasttext: "__label__X a b\n__label__Y c\n",
  };
  for (const [format, { extensions }] of Object.entries(DATA_FORMATS)) {
    const content = contents[format as DataFormat];
    const isPerWord = format !== "fasttext";
    for (const name of ["pasted.csv", "a.txt", ...extensions.map((ending) => `a.${ending}`)]) {
      const found = await preview(name, content);
      assertEquals([name, found.written.format, found.count], [name, format, 2]);
      assertEquals([found.isTagging, found.leftOut], [isPerWord, []], format);
      assertEquals(found.examples.map(({ text }) => text), ["a b", "c"]);
    }
  }
});

Deno.test("for language models, the page reads a file without a table as one text", async () => {
  const [isWhole, isTable] = await Promise.all([
    preview("a.json", '[{"text":"a"}]', "language-model"),
    preview("a.csv", "text\nabc\n", "language-model"),
  ]);
  assertEquals([isWhole.isWhole, isTable.isWhole], [true, false]);
});

Deno.test("a preview skips texts without words, and shows warnings", async () => {
  const content = "text,label\ngood,up\n:),up\nbad,Up\na,b,c\n!!!,down\nso,down\n";
  const { count, leftOut, warnings } = await preview("own.csv", content);
  const [{ problems }] = leftOut;
  assertEquals(count, 3);
  assertEquals(problems.map(({ line }) => line), [3, 5, 6]);
  assertEquals(
    problems[0].problem,
    'the text ":)" has no words; remove it, or keep punctuation as words',
  );
  assertEquals(warnings.map(({ kind }) => kind), ["similar-labels"]);
});

Deno.test("a preview of tags and of pairs keeps marks", async () => {
  const tags = await preview("own.csv", "text,label\n! a,O B\nb :),B O\n");
  assertEquals([tags.isTagging, tags.count, tags.warnings], [true, 2, []]);
  const pairs = await preview("own.csv", "source,target\n:),:(\n!,?\n", "translate");
  assertEquals([pairs.count, pairs.leftOut], [2, []]);
});

Deno.test("a preview shows how a file was read, and ten of the skipped rows", async () => {
  const rows = Array.from({ length: 30 }, (_, i) => `Not bad ${i};${i % 2 ? "up" : "down"}\n`);
  const bad = Array.from({ length: 12 }, () => "one field\n");
  const content = ["review;sentiment\n", ...rows, ...bad].join("");
  const { readings, leftOut, error } = await preview("reviews.csv", content);
  assertEquals(readings, [
    'reviews.csv: CSV with semicolons, header, 30 rows; texts in "review", labels in "sentiment"',
  ]);
  const [{ rows: all, count, problems }] = leftOut;
  assertEquals([error, all, count, problems.length], [undefined, 42, 12, 10]);
});

Deno.test("a file with mostly unusable rows is refused, with the fields that correct it", async () => {
  const content = "text,label\n" + "a|b\n".repeat(5) + "good,up\n";
  const { error, columns, recommended } = await preview("reviews.csv", content);
  assertEquals(
    error,
    "reviews.csv:2: 1 field where the header has 2; quote a text that contains newlines; " +
      "5 of 6 rows cannot be used, this one first; the file looks like values separated by |",
  );
  assertEquals([columns, recommended], [["text", "label"], undefined]);
});

Deno.test("an unreadable file shows the reason, without flags, and its columns", async () => {
  const latin = new Blob([Uint8Array.of(...new TextEncoder().encode("text,label\ncaf"), 0xe9, 10)]);
  const request = { files: [{ source: latin, name: "menu.csv" }], task: "classification" };
  const { preview: bytes } = await inspectFiles({ ...request, given: { encoding: "utf-8" } });
  assertEquals(
    bytes.error,
    "menu.csv:2: not UTF-8: the byte E9 at byte offset 14; save the file as UTF-8, or give its " +
      "encoding",
  );
  const twice = await preview("two.csv", "text,text,label\na b,c,X\nd e,f,Y\ng h,i,Y\n");
  assertEquals(twice.error, 'two.csv:1: two columns are named "text"; rename one');
  assertEquals(twice.columns, ["1", "2", "label"]);
});

async function command(
  names: string[],
  contents: string[],
  given: Given = {},
  task = ARTICLE.task,
) {
  const files = names.map((name, i) => ({ source: new Blob([contents[i]]), name }));
  const { source } = await inspectFiles({ files, task, given });
  const settings = { ...ARTICLE, task, set: "own" };
  const { data } = filesOf(settings, source, undefined);
  return commandOf(settings, data).replace(/ --(cell|unit) .*/, "");
}

const CSV = "text;label\nnot bad;up\nso bad;down\nvery good;up\n";

Deno.test("the command has only the flags that a file needs", async () => {
  const plain = "deno task train --data";
  assertEquals(await command(["a.csv"], [CSV]), `${plain} a.csv`);
  assertEquals(
    await command(["a.csv"], [CSV], { quotes: "none", encoding: "latin1" }),
    `${plain} a.csv --format csv --quotes none --encoding latin1`,
  );
  const r = '"a" "b" "c"\n"1" "so \\"bad\\"" "it is" "x"\n"2" "one more" "of it" "y"\n' +
    '"3" "and so" "it goes" "x"\n';
  assertEquals(
    await command(["r.csv"], [r]),
    `${plain} r.csv --format csv --separator space --quotes backslash --text-column a ` +
      "--label-column c",
  );
  // Two columns could hold the texts: the command line would not select one.
  const wide =
    "id,a text,note to it,stars\n1,so very bad,not so\n2,not bad at all,so it is,5\n3,one more,of it,5\n";
  assertEquals(
    await command(["my file's.csv"], [wide.replace("so\n", "so,1\n")]),
    `${plain} 'my file'\\''s.csv' --format csv --separator comma ` +
      `--text-column 'a text' --label-column stars`,
  );
  assertEquals(
    await command(["-a.txt"], ["a b\t-\nc d\t+\ne f\t+\n"], { header: false, textColumn: "1" }),
    "deno task train --data=-a.txt --format tsv --separator tab --no-header --text-column 1 " +
      "--label-column 2",
  );
  assertEquals(
    await command(["a.csv", "b.csv"], [CSV, CSV], { labelColumn: "text", textColumn: "label" }),
    `${plain} a.csv --data b.csv --format csv --separator semicolon ` +
      "--text-column label --label-column text",
  );
});

Deno.test("several files are read in sequence, and their examples are joined", async () => {
  const files = [
    { name: "a.csv", source: new Blob([CSV]) },
    { name: "b.jsonl", source: new Blob(['{"text":"so so","label":"down"}\n{"text":"x"}\n']) },
  ];
  const { preview, examples, source } = await inspectFiles({ files, task: ARTICLE.task });
  assertEquals(examples.map(({ text }) => text), ["not bad", "so bad", "very good", "so so"]);
  assertEquals(preview.readings.map((line) => line.split(":")[0]), ["a.csv", "b.jsonl"]);
  assertEquals(preview.leftOut.map(({ name, count }) => [name, count]), [["b.jsonl", 1]]);
  assertEquals(source.names, ["a.csv", "b.jsonl"]);
});

Deno.test("reading can be stopped at any chunk", async () => {
  const source = new Blob(["text,label\n", new Uint8Array(2 ** 23).fill(97)]);
  const said: number[] = [];
  const reading = inspectFiles(
    { files: [{ name: "a.csv", source }], task: ARTICLE.task },
    ({ done }) => {
      said.push(done);
      throw new Error("ended");
    },
  );
  const problem = await reading.catch(({ message }) => message);
  assertEquals([problem, said], ["ended", [2 ** 22]]);
});

Deno.test("a file that is not UTF-8 is read as Latin-1, with that flag in its command", async () => {
  const rows = ["text,label", "caf\xe9 good,up", "caf\xe9 bad,down"].join("\n");
  const source = new Blob([Uint8Array.from(rows, (each) => each.charCodeAt(0))]);
  const files = [{ source, name: "menu.csv" }], task = "classification";
  const found = await inspectFiles({ files, task });
  assertEquals(found.preview.error, undefined);
  assertEquals(found.preview.readings, [
    'menu.csv: CSV, header, 2 rows; texts in "text", labels in "label"; not UTF-8, so read as Latin-1',
  ]);
  assertEquals(found.examples[0].text, "caf\xe9 good");
  assertEquals(found.preview.written.encoding, "latin1");
  assertEquals(found.source.written?.encoding, "latin1");
  const insisted = await inspectFiles({ files, task, given: { encoding: "utf-8" } });
  assertEquals(insisted.preview.error?.slice(0, 22), "menu.csv:2: not UTF-8:");
});
