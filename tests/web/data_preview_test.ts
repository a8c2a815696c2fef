import { DATA_FORMATS, type DataFormat } from "@unroll/core";
import { assertEquals } from "@std/assert";
import { inspectFile, previewOf } from "#web/worker/data_preview.ts";

async function preview(name: string, content: string, task = "classification") {
  const request = { source: new Blob([content]), name, task };
  const found = await inspectFile(request);
  return previewOf(request, found);
}

Deno.test("the page finds the format of data in its name, or in its beginning", async () => {
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
      assertEquals([name, found.format, found.count], [name, format, 2]);
      assertEquals([found.isTagging, found.problemCount], [isPerWord, 0], format);
      assertEquals(found.examples.map(({ text }) => text), ["a b", "c"]);
    }
  }
});

Deno.test("to go on with a text, the page takes a file of no table as one text", async () => {
  const [isWhole, isTable] = await Promise.all([
    preview("a.json", '[{"text":"a"}]', "language-model"),
    preview("a.csv", "text\nabc\n", "language-model"),
  ]);
  assertEquals([isWhole.isWhole, isTable.isWhole], [true, false]);
});

const NAME = "own.csv";

async function previewed(content: string, task: string) {
  const request = { source: new Blob([content]), name: NAME, task };
  return previewOf(request, await inspectFile(request));
}

Deno.test("a preview leaves out texts without words, and says what is odd", async () => {
  const content = "text,label\ngood,up\n:),up\nbad,Up\na,b,c\n!!!,down\nso,down\n";
  const { count, problems, warnings } = await previewed(content, "classification");
  assertEquals(count, 3);
  assertEquals(problems.map(({ line }) => line), [3, 5, 6]);
  assertEquals(
    problems[0].problem,
    'the text ":)" has no words; remove it, or keep punctuation as words',
  );
  assertEquals(warnings.map(({ kind }) => kind), ["similar-labels"]);
});

Deno.test("a preview of tags and of pairs keeps marks", async () => {
  const tags = await previewed("text,label\n! a,O B\nb :),B O\n", "classification");
  assertEquals([tags.isTagging, tags.count, tags.warnings], [true, 2, []]);
  const pairs = await previewed("source,target\n:),:(\n!,?\n", "translate");
  assertEquals([pairs.count, pairs.problems], [2, []]);
});
