import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { loadCheckpoint, saveCheckpoint } from "#cli/files/checkpoint_folder.ts";
import { inFolder, unroll } from "./helpers.ts";

const GOOD = "text,label\nvery good,up\nvery bad,down\nso good,up\nso bad,down\n";
const TRAIN = ["train", "--epochs", "1", "--hidden", "2"];

const jsonOf = (out: string) => out.trim().split("\n").map((line) => JSON.parse(line));

async function write(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/${name}`, content);
  }
}

Deno.test("rows that cannot be used are skipped, counted and reported", () =>
  inFolder(async (cwd) => {
    const bad = `":)",up\n,down\n!!!,up\ngood,\na,b,c\n${"x".repeat(100_001)},up\n`;
    await write(cwd, { "own.csv": `${GOOD}${GOOD.slice(11).repeat(2)}${bad}` });
    // Several bidirectional layers keep all states in memory, so the text length is limited.
    const train = [...TRAIN, "--layers", "2", "--data", "own.csv"];
    const { status, out, err } = await unroll(train, { cwd });
    assertEquals(status, 0);
    assertStringIncludes(out, "on 12 sentences: 4 words, 2 labels.");
    const lines = err.trimEnd().split("\n");
    assertEquals(lines[0], "own.csv: left out 6 of 18 rows; --strict stops at the first:");
    assertEquals(
      lines[1],
      '  own.csv:14: the text ":)" has no words; remove it, or keep punctuation as words',
    );
    assertMatch(lines[5], /^ {2}own\.csv:18: 3 fields where the header has 2/);
    assertMatch(lines[6], /^ {2}own\.csv:19: the text "x{40}…" has 100001 characters/);
    assertEquals(lines.length, 7);

    const json = await unroll([...train, "--json"], { cwd });
    const [, event] = jsonOf(json.out); // after "reading"
    assertEquals([event.type, event.file, event.rows, event.count], ["left-out", "own.csv", 18, 6]);
    assertEquals(event.problems[0], {
      line: 14,
      problem: 'the text ":)" has no words; remove it, or keep punctuation as words',
    });

    const strict = await unroll([...TRAIN, "--data", "own.csv", "--strict"], { cwd });
    assertEquals([strict.status, strict.out], [2, ""]);
    assertEquals(
      strict.err,
      'error: own.csv:14: the text ":)" has no words; remove it, or keep punctuation as words\n',
    );
  }));

Deno.test("at most ten skipped rows are listed, also by --test and evaluate", () =>
  inFolder(async (cwd) => {
    const test = `text,label\n${"very good,up\n".repeat(20)}${":),up\n".repeat(15)}`;
    await write(cwd, { "own.csv": GOOD, "test.csv": test });
    const args = [...TRAIN, "--data", "own.csv", "--test", "test.csv"];
    const trained = await unroll(args, { cwd });
    assertEquals(trained.status, 0);
    assertStringIncludes(trained.out, "20 for testing");
    const named = trained.err.split("\n").filter((line) => line.startsWith("  test.csv:"));
    assertEquals(named.length, 10);
    assertStringIncludes(trained.err, "\n  and 5 more\n");
    assertStringIncludes(
      trained.err,
      "warning: test.csv: 20 of 20 test examples are also training examples",
    );

    const measured = await unroll(["evaluate", "--data", "test.csv", "--json"], { cwd });
    const [{ sentences, leftOut }, ...more] = jsonOf(measured.out);
    assertEquals([sentences, leftOut[0].count, more], [20, 15, []]);
    assertStringIncludes(measured.err, "test.csv: left out 15 of 35 rows");
    const strict = await unroll(["evaluate", "--data", "test.csv", "--strict"], { cwd });
    assertEquals(
      strict.err,
      'error: test.csv:22: the text ":)" has no words; remove it, or keep punctuation as words\n',
    );

    const looked = await unroll(["inspect", "--gradients", "--data", "test.csv"], { cwd });
    assertEquals(looked.status, 0);
    assertStringIncludes(looked.err, "test.csv: left out 15 of 35 rows");
  }));

Deno.test("a file is refused if most of its rows fail, with a guess at its format", () =>
  inFolder(async (cwd) => {
    await write(cwd, {
      "own.csv": `text,label\ngood,up\n${":),up\n".repeat(3)}`,
      "own.jsonl": GOOD,
    });
    const mostly = await unroll([...TRAIN, "--data", "own.csv"], { cwd });
    assertEquals([mostly.status, mostly.out], [2, ""]);
    assertEquals(
      mostly.err,
      'error: own.csv:3: the text ":)" has no words; remove it, or keep punctuation as words; 3 of 4 rows cannot be used, this ' +
        "one first\n",
    );
    const other = await unroll([...TRAIN, "--data", "own.jsonl"], { cwd });
    assertEquals(other.status, 2);
    assertMatch(other.err, /^error: own\.jsonl:1: .*5 of 5 rows .*; the file looks like CSV\n$/);
  }));

Deno.test("rows with different numbers of tags and words are skipped; punctuation is kept", () =>
  inFolder(async (cwd) => {
    const tags = "text,label\nmeet ann,O PERSON\ncall ben,O PERSON O\nben left,PERSON O\n";
    await write(cwd, { "tags.csv": tags });
    const tagged = await unroll([...TRAIN, "--head", "token", "--data", "tags.csv"], { cwd });
    assertEquals(tagged.status, 0);
    assertMatch(tagged.err, /^tags\.csv: left out 1 of 3 rows;.*\n {2}tags\.csv:3: the text "call/);

    await write(cwd, { "pairs.csv": "source,target\n:),:(\n!!!,...\n,a\n" });
    const pairs = ["train", "--task", "translate", "--data", "pairs.csv", "--epochs", "1"];
    const translated = await unroll([...pairs, "--hidden", "2"], { cwd });
    assertEquals(translated.status, 0);
    assertStringIncludes(translated.out, "on 2 pairs");
    assertStringIncludes(translated.err, 'pairs.csv:4: the source "" has no characters');
  }));

Deno.test("labels are normalized to NFC, in training and in evaluation", () =>
  inFolder(async (cwd) => {
    await write(cwd, {
      "own.csv":
        "text,label\ngood,\u00e9lev\u00e9\nbad,bas\nso good,e\u0301leve\u0301\nso bad,bas\n",
      "test.csv": "text,label\ngood,e\u0301leve\u0301\n",
    });
    const { out } = await unroll([...TRAIN, "--data", "own.csv"], { cwd });
    assertStringIncludes(out, "2 labels");
    const { status, err } = await unroll(["evaluate", "--data", "test.csv"], { cwd });
    assertEquals([status, err], [0, ""]);
  }));

Deno.test("unknown labels count as wrong, and are reported", () =>
  inFolder(async (cwd) => {
    await write(cwd, {
      "own.csv": GOOD,
      "test.csv": "text,label\ngood,up\nbad,fine\nbad so,fine\ngood so,odd\n",
      "odd.csv": "text,label\ngood,fine\nbad,odd\n",
    });
    const args = [...TRAIN, "--data", "own.csv", "--test", "test.csv"];
    const trained = await unroll(args, { cwd });
    const said = "Labels that the model does not know, counted as wrong: fine (2), odd (1).";
    assertEquals([trained.status, trained.err], [0, ""]);
    assertStringIncludes(trained.out, said);
    const measured = await unroll(["evaluate", "--data", "test.csv"], { cwd });
    assertStringIncludes(measured.out, said);
    const json = await unroll(["evaluate", "--data", "test.csv", "--json"], { cwd });
    const [{ accuracy, unseen, loss }] = jsonOf(json.out);
    assert(accuracy <= 0.25 && Number.isFinite(loss));
    assertEquals(unseen, [{ label: "fine", count: 2 }, { label: "odd", count: 1 }]);

    const none = await unroll(["evaluate", "--data", "odd.csv"], { cwd });
    assertEquals([none.status, none.out], [2, ""]);
    assertEquals(
      none.err,
      'error: odd.csv:2: the label "fine" is not one that the model learns, nor is any other here: ' +
        '"down", "up"\n',
    );
  }));

Deno.test("unknown symbols of a language model are never correct, and are reported", () =>
  inFolder(async (cwd) => {
    await write(cwd, {
      "own.txt": "abc abd ".repeat(40),
      "half.txt": "abc xyz ".repeat(40),
      "other.txt": "\u4e2d\u6587 \u6587\u4e2d\n".repeat(40),
    });
    const run = ["train", "--task", "language-model", "--epochs", "1", "--hidden", "2"];
    assertEquals((await unroll([...run, "--data", "own.txt"], { cwd })).status, 0);
    const half = await unroll(["evaluate", "--data", "half.txt", "--json"], { cwd });
    const [{ unknown, accuracy, warnings }] = jsonOf(half.out);
    assertEquals([unknown, warnings[0].kind], [0.375, "unknown-words"]);
    assert(accuracy <= 0.625);
    const lines = await unroll(["evaluate", "--data", "half.txt"], { cwd });
    assertMatch(lines.out, /; 37\.5% of the characters are unknown to the model\n$/);
    const from = ["train", "--from", "model.safetensors", "--epochs", "1"];
    for (const args of [["evaluate"], from, [...from, "--data", "own.txt", "--test"]]) {
      const flag = args.at(-1) === "--test" ? [] : ["--data"];
      const other = await unroll([...args, ...flag, "other.txt"], { cwd });
      assertEquals(other.status, 2);
      assertStringIncludes(other.err, "the model knows none of its characters");
    }
  }));

Deno.test("warnings are printed once, and are events in --json", () =>
  inFolder(async (cwd) => {
    await write(cwd, { "own.csv": `${GOOD}quite good,Up\n` });
    const { status, err } = await unroll([...TRAIN, "--data", "own.csv"], { cwd });
    const message = 'labels that look alike: "up" (2), "Up" (1); use one spelling';
    assertEquals([status, err], [0, `warning: own.csv: ${message}\n`]);
    const { out } = await unroll([...TRAIN, "--data", "own.csv", "--json"], { cwd });
    assertEquals(jsonOf(out).filter(({ type }) => type === "warning"), [
      { type: "warning", files: ["own.csv"], kind: "similar-labels", message, count: 2 },
    ]);
  }));

Deno.test("several files and folders are read in order, and errors name the correct one", () =>
  inFolder(async (cwd) => {
    await Deno.mkdir(`${cwd}/parts`);
    await write(cwd, {
      "own.csv": GOOD,
      "parts/b.tsv": "text\tlabel\nnice\tup\n",
      "parts/a.csv": "text,label\nawful,down\n",
      "parts/notes.md": "none of these",
      "bad.csv": `${GOOD}:),up\n`,
      "wrong.csv": "text,stars,note\ngood,5,x\n",
    });
    const both = [...TRAIN, "--data", "own.csv", "--data", "parts"];
    const { status, out, err } = await unroll([...both, "--checkpoint", "run"], { cwd });
    const others = "parts: 1 entry left out, which is not a data file: notes.md\n";
    assertEquals([status, err], [0, others]);
    assertStringIncludes(out, "on 6 sentences: 6 words");
    const resumed = await unroll(["train", "--resume", "run", "--epochs", "2"], { cwd });
    assertEquals([resumed.status, resumed.err], [0, others]);
    assertStringIncludes(resumed.out, "Resuming run: reads own.csv and parts, as");

    const named = await unroll([...both, "--data", "bad.csv"], { cwd });
    assertStringIncludes(named.err, "  bad.csv:6: the text");
    const wrong = await unroll([...both, "--data", "wrong.csv"], { cwd });
    assertMatch(wrong.err, /^error: wrong\.csv:1: no column "label"/m);
    const measured = await unroll(["evaluate", "--data", "own.csv", "--data", "parts"], { cwd });
    assertStringIncludes(measured.out, "6 sentences: loss");
    const replaced = await unroll([...both, "--out", "parts/a.csv"], { cwd });
    const refused = "error: parts/a.csv: holds the examples; choose another --out\n";
    assertEquals(replaced.err, others + refused);
  }));

Deno.test("a checkpoint of an older version, which names one file, is resumed", () =>
  inFolder(async (cwd) => {
    await write(cwd, { "own.csv": GOOD });
    const args = [...TRAIN, "--data", "own.csv", "--checkpoint", "run"];
    assertEquals((await unroll(args, { cwd })).status, 0);
    const { checkpoint, notes } = await loadCheckpoint(`${cwd}/run/checkpoint.safetensors`);
    const { settings, ...rest } = notes as { settings: object };
    const before = { ...settings, data: "own.csv", strict: undefined };
    await saveCheckpoint(`${cwd}/run`, checkpoint, { ...rest, settings: before });
    for (const more of [[], ["--data", "own.csv"]]) {
      const resumed = await unroll(["train", "--resume", "run", "--epochs", "2", ...more], { cwd });
      assertEquals([resumed.status, resumed.err], [0, ""]);
    }
  }));
