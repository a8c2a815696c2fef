import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inFolder, unroll } from "./helpers.ts";

const SENTENCES: [word: string, tag: string][][] = Array.from({ length: 24 }, (_, i) => {
  const name = ["Anna", "Ben", "Cleo"][i % 3], place = ["Rome", "New York", "Oslo"][i % 3];
  return i % 2
    ? [[name, "B-PER"], ["lives", "O"], ["in", "O"], [place, "B-LOC"], [".", "O"]]
    : [["In", "O"], [place, "B-LOC"], ["sleeps", "O"], [name, "B-PER"]];
});
const lines = (separator: string, rowOf: (word: string, tag: string, i: number) => string[]) =>
  SENTENCES.map((words) =>
    words.map(([word, tag], i) => rowOf(word, tag, i).join(separator)).join("\n")
  ).join("\n\n") + "\n";
const CONLL = "-DOCSTART- -X- O\n\n" +
  lines(" ", (word, tag) => [word.replace(" ", "-"), "X", tag]);
const CONLL_U = lines("\t", (word, tag, i) => [`${i + 1}`, word, word, tag, ..."______"]);
const KAGGLE = "Sentence #,Word,POS,Tag\n" +
  SENTENCES.flatMap((words, n) =>
    words.map(([word, tag], i) => `${i === 0 ? `Sentence: ${n + 1}` : ""},${word},X,${tag}`)
  ).join("\n");
const TOKENS = SENTENCES.map((words) =>
  JSON.stringify({ tokens: words.map(([word]) => word), tags: words.map(([, tag]) => tag) })
).join("\n");

const TEXTS = Array.from(
  { length: 24 },
  (_, i) => i % 2 ? [`so good ${i % 3}`, "up"] : [`too bad ${i % 3}`, "down"],
);
const CSV = "text,label\n" + TEXTS.map((row) => row.join(",")).join("\n");
const FAST_TEXT = TEXTS.map(([text, label]) => `__label__${label} ${text}`).join("\n");
const ARRAY = JSON.stringify(TEXTS.map(([body, stars]) => ({ a: { body }, stars })), null, 1);

/** Runs a command that must succeed, and returns its output and messages. */
async function run(cwd: string, command: string): Promise<{ out: string; err: string }> {
  const { status, out, err } = await unroll(command.split(" "), { cwd });
  assertEquals(status, 0, err);
  return { out, err };
}

const TAGGED: [path: string, content: string, flags: string, says: string][] = [
  ["a.conll", CONLL, "", ""],
  ["a.conllu", CONLL_U, "", ""],
  ["a.txt", CONLL, "", "read as CoNLL, based on its content; give --format if that is wrong"],
  ["b.txt", CONLL_U, "", "read as CoNLL-U, based on its content; give --format if that is wrong"],
  ["a.data", CONLL, " --format conll", ""],
  ["a.csv", KAGGLE, "", 'CSV, header, 24 rows; texts in "Word", labels in "Tag"'],
  ["a.jsonl", TOKENS, "", ""],
];
const TRAIN = "train --hidden 16 --learning-rate 0.02 --validation 0";

Deno.test("a tagger is trained and evaluated on CoNLL files, and predicts", () =>
  inFolder(async (cwd) => {
    const [path, content] = TAGGED[0];
    await Deno.writeTextFile(`${cwd}/${path}`, content);
    const { out, err } = await run(cwd, `${TRAIN} --epochs 12 --data ${path} --head token`);
    assertEquals(err, "");
    assertMatch(out, /24 sentences: 10 words and their letters, 3 labels/);
    const measured = await run(cwd, `evaluate --data ${path} --json`);
    assertEquals(measured.err, "");
    assertEquals(JSON.parse(measured.out).accuracy, 1);
    const { status, out: tags } = await unroll(["predict", "Ben lives in Oslo ."], { cwd });
    assertEquals([status, tags], [
      0,
      "Ben/B-PER lives/O in/O Oslo/B-LOC ./O  [PER: Ben] [LOC: Oslo]\n",
    ]);
  }));

Deno.test("the same tagged words train the same model in any format", () =>
  inFolder(async (cwd) => {
    const sums = new Set<string>();
    for (const [path, content, flags, says] of TAGGED) {
      await Deno.writeTextFile(`${cwd}/${path}`, content.replaceAll("New-York", "New_York"));
      const command = `${TRAIN} --epochs 1 --data ${path} --head token${flags} --out m.safetensors`;
      const { err } = await run(cwd, command);
      assertEquals(err, says && `${path}: ${says}\n`);
      const bytes = await Deno.readFile(`${cwd}/m.safetensors`);
      sums.add(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex());
    }
    assertEquals(sums.size, 1);
  }));

Deno.test("the same labeled texts train the same model in any format", () =>
  inFolder(async (cwd) => {
    const columns = " --text-column a.body --label-column stars";
    const files: [path: string, content: string, flags: string, says: RegExp][] = [
      ["a.csv", CSV, "", /^$/],
      ["a.txt", CSV, "", /^a\.txt: read as CSV, based on its content; give --format if .*\n$/],
      ["b.txt", FAST_TEXT, "", /^b\.txt: read as fastText, .*\n$/],
      ["c.csv", FAST_TEXT, "", /^c\.csv: read as fastText, .*\n$/],
      ["d.txt", FAST_TEXT, " --format fasttext", /^$/],
      ["a.json", ARRAY, columns, /^$/],
      ["e.txt", ARRAY, columns, /^e\.txt: read as JSON array, .*\n$/],
    ];
    const sums = new Set<string>();
    for (const [path, content, flags, says] of files) {
      await Deno.writeTextFile(`${cwd}/${path}`, content);
      const { err } = await run(cwd, `${TRAIN} --epochs 1 --data ${path}${flags}`);
      assertMatch(err, says);
      const bytes = await Deno.readFile(`${cwd}/model.safetensors`);
      sums.add(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex());
      const measured = await run(cwd, `evaluate --json --data ${path}${flags}`);
      assertMatch(measured.err, says);
    }
    assertEquals(sums.size, 1);
  }));

Deno.test("a language model reads any file as one text, unless a format is given", () =>
  inFolder(async (cwd) => {
    const rows = TEXTS.map(([text]) => JSON.stringify({ body: text })).join(",\n");
    await Deno.writeTextFile(`${cwd}/a.json`, `[${rows}]`);
    const command = "train --task language-model --data a.json --epochs 1 --hidden 8";
    const whole = await run(cwd, command);
    assertStringIncludes(whole.out, "characters");
    const texts = await run(cwd, `${command} --format json --text-column body`);
    const count = (out: string) => Number(/on (\d+) characters/.exec(out)![1]);
    assert(count(texts.out) < count(whole.out) / 1.5, `${whole.out}${texts.out}`);
    assertEquals(whole.err + texts.err, "");
  }));

const REFUSED: [what: string, path: string, content: string, command: string, says: string][] = [
  ["tags without a tagger", "a.conll", CONLL, "train", "a.conll: CoNLL has a tag for each word"],
  ["a line without a tag", "a.conll", "a O\nb\n", "train --head token", "a.conll:2: 1 column"],
  [
    "a text with two labels",
    "a.txt",
    "__label__a __label__b x\n",
    "train --format fasttext",
    'a.txt:1: 2 labels, "a", "b"',
  ],
  ["a wrong format", "a.csv", CSV, "train --format json", "a.csv:1: expected an array of objects"],
  ["an unknown format", "a.csv", CSV, "train --format cvs", "did you mean csv?"],
];
for (const [what, path, content, command, says] of REFUSED) {
  Deno.test(`train refuses ${what}, in one line`, () =>
    inFolder(async (cwd) => {
      await Deno.writeTextFile(`${cwd}/${path}`, content);
      const { status, err } = await unroll([...command.split(" "), "--data", path], { cwd });
      assertEquals([status, err.trim().split("\n").length], [2, 1]);
      assertStringIncludes(err, says);
    }));
}

Deno.test("a table of tags without --head token trains a classifier, with a hint at the flag", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/a.csv`, KAGGLE);
    const { err } = await run(cwd, "train --data a.csv --epochs 1 --hidden 4");
    assertEquals(
      err,
      'a.csv: CSV, header, 24 rows; texts in "Word", labels in "Tag"\n' +
        "a.csv: each text has as many labels as words; --head token tags the words\n",
    );
  }));

Deno.test("--format needs a file", async () => {
  const { status, err } = await unroll(["train", "--format", "csv"]);
  assertEquals(status, 2);
  assertStringIncludes(err, "--format: needs a file; give --data FILE");
});
