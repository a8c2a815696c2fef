import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { filesIn, inFolder, unroll } from "./helpers.ts";

const BOOK = "the quick brown fox jumps over the lazy dog, and back.\n".repeat(60);
const LABELLED = "text,label\n" +
  Array.from({ length: 24 }, (_, i) => i % 2 ? `so good ${i % 3},up` : `too bad ${i % 3},down`)
    .join("\n");
const PAIRS = "source,target\n" +
  ["ab", "ba", "aab", "abb", "bab", "bba", "abab", "baba"]
    .map((text) => `${text},${text.toUpperCase()}`).join("\n");

/** Runs a command that must succeed, with or without a warning, and returns its output. */
async function well(cwd: string, args: string[], warning = ""): Promise<string> {
  const { status, out, err } = await unroll(args, { cwd });
  assertEquals([status, err], [0, warning]);
  return out;
}

Deno.test("a language model is trained, evaluated and inspected, and generates text", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/book.txt`, BOOK);
    const run =
      "train --task language-model --data book.txt --hidden 48 --epochs 30 --report r.html";
    const out = await well(cwd, `${run} --learning-rate 0.01`.split(" "));
    assertMatch(
      out,
      /^Training an lnlstm of 48 units on 3135 characters, 165 for validation: 30 d/,
    );
    assertMatch(out, /^ epoch {3}train loss {2}bits\/character {2}perplexity/m);
    const [, nats, bits, perplexity] =
      /^Validation \(165 characters\): loss (\S+) nats, (\S+) bits\/character, perplexity (\S+),/m
        .exec(out)!.map(Number);
    assert(nats < 0.2 && Math.abs(bits - nats / Math.LN2) < 1e-4, `${nats} ${bits}`);
    assert(Math.abs(Math.exp(nats) - perplexity) < 0.01);
    assertStringIncludes(await Deno.readTextFile(`${cwd}/r.html`), "Generated texts");
    assertEquals(await filesIn(cwd), ["book.txt", "model.safetensors", "r.html"]);

    const cold = ["generate", "--prompt", "the quick ", "--length", "24", "--temperature", "0"];
    assertEquals(await well(cwd, cold), "the quick brown fox jumps over the\n");
    const warm = "generate --length 80 --temperature 3 --top-k 20 --top-p 0.95 --seed 3".split(
      " ",
    );
    assertEquals(await well(cwd, warm), await well(cwd, warm));
    assert(await well(cwd, warm) !== await well(cwd, [...warm.slice(0, -1), "4"]));
    const json = JSON.parse(await well(cwd, [...cold, "--json"]));
    assertEquals(json, { prompt: "the quick ", text: "brown fox jumps over the" });

    const measured = await well(cwd, ["evaluate", "--data", "book.txt", "--json"]);
    const { symbols, loss } = JSON.parse(measured);
    assert(symbols === 3300 && loss < 0.2, measured);
    assertMatch(await well(cwd, ["inspect"]), /^task +language-model$/m);
  }));

Deno.test("a word-level language model has --vocabulary words, and reads each row as a text", () =>
  inFolder(async (cwd) => {
    const rows = BOOK.trim().split("\n").map((line) => `"${line}"`);
    await Deno.writeTextFile(`${cwd}/rows.csv`, `text\n${rows.join("\n")}\n`);
    const run =
      "train --task language-model --unit words --vocabulary 6 --data rows.csv --epochs 4";
    const warning =
      'warning: rows.csv: 36.4% of the text is unknown to the model, such as "quick", "jumps", ' +
      '"over", "lazy"; it can only guess there\n';
    const [, ...lines] = (await well(cwd, `${run} --json`.split(" "), warning)).trim().split("\n");
    assertEquals(JSON.parse(lines[0]).kind, "unknown-words");
    const start = JSON.parse(lines[1]);
    assertEquals([start.known, start.unit], [6, "words"]);
    assert(lines.some((line) => JSON.parse(line).type === "sample"));
    assertMatch(await well(cwd, "generate --length 9 --seed 2".split(" ")), /^\S+( \S+){0,8}\n$/);
  }));

Deno.test("a generate-from-label model generates a text for a label", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, LABELLED);
    const run = "train --task generate-from-label --data own.csv --epochs 60 --learning-rate 0.01";
    assertMatch(await well(cwd, `${run} --hidden 32`.split(" ")), /\n {2}\[down\] too bad \d\n/);
    for (const [label, text] of [["up", /^so good \d\n$/], ["down", /^too bad \d\n$/]] as const) {
      assertMatch(await well(cwd, ["generate", "--label", label, "--temperature", "0.3"]), text);
    }
    const { status, err } = await unroll(["generate", "--label", "sideways"], { cwd });
    assertEquals(status, 2);
    assertStringIncludes(err, 'there is no label "sideways"; the model writes for "down", "up"');
    assertStringIncludes((await unroll(["generate"], { cwd })).err, "no label was given");
    assertMatch(await well(cwd, ["inspect"]), /^writesFor +down, up$/m);
  }));

Deno.test("a translation model translates, and shows its attention", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/pairs.csv`, PAIRS);
    const run = "train --task translate --data pairs.csv --hidden 32 --epochs 120 --report r.html";
    const warning =
      "warning: pairs.csv: 8 of 8 test examples are also training examples; evaluate on others\n";
    const out = await well(cwd, [...run.split(" "), "--test", "pairs.csv"], warning);
    assertMatch(
      out,
      /^Training a bidirectional gru of 32 units to translate, with attention, on 8 p/,
    );
    assertMatch(out, /^Test \(8 pairs\): exact match 100.0%, character accuracy 100.0%, loss/m);
    assertStringIncludes(await Deno.readTextFile(`${cwd}/r.html`), "Attention weights");
    assertMatch(await well(cwd, ["predict", "bab"]), /^BAB {2}\d+\.\d% {2}bab\n$/);
    const table = await well(cwd, ["predict", "--beam", "2", "--attention", "bab"]);
    assertMatch(table, /^BAB .*\n\n +b +a +b\nB .*\nA .*\nB .*\n$/);
    const [json, missing] = (await unroll(["predict", "--json", "--attention", "bab", ""], { cwd }))
      .out
      .trim().split("\n").map((line) => JSON.parse(line));
    assertEquals([json.target, json.ended, json.unknown], ["BAB", true, []]);
    for (const row of json.attention.weights) {
      const sum = row.reduce((a: number, b: number) => a + b);
      assert(row.length === 3 && Math.abs(sum - 1) < 1e-5);
    }
    assertEquals(missing, { text: "", error: "has no characters; give a text with characters" });
    const measured = JSON.parse(await well(cwd, ["evaluate", "--data", "pairs.csv", "--json"]));
    assertEquals([measured.pairs, measured.exact, measured.mistakes], [8, 1, []]);
    assertMatch(await well(cwd, ["inspect"]), /^encoder, layer 1 +\d+\ndecoder, embedding/m);
    const scored = await well(cwd, "predict ac".split(" "));
    assertStringIncludes(scored, "(unknown: c");
  }));

Deno.test("train decodes only some of many test pairs in each epoch, and prints that", () =>
  inFolder(async (cwd) => {
    const rows = Array.from({ length: 200 }, (_, i) => {
      const source = i.toString(2).replaceAll("0", "a").replaceAll("1", "b");
      return `${source},${source.toUpperCase()}`;
    }).join("\n");
    await Deno.writeTextFile(`${cwd}/pairs.csv`, PAIRS);
    await Deno.writeTextFile(`${cwd}/test.csv`, `source,target\n${rows}\n`);
    const run = "train --task translate --data pairs.csv --test test.csv --hidden 4 --epochs 1";
    const { out } = await unroll(run.split(" "), { cwd });
    const said =
      "The exact match of an epoch is measured on 128 pairs; at the end, on all pairs.\n";
    assertStringIncludes(out, said);
    assertMatch(out, /^Test \(200 pairs\): exact match 0.0%/m);
    const [start] = (await unroll([...run.split(" "), "--json"], { cwd })).out.split("\n")
      .map((line) => line && JSON.parse(line)).filter(({ type }) => type === "start");
    assertEquals(start.decoded, 128);
  }));

for (
  const [name, flags] of [
    [
      "language-model",
      "--data book.txt --hidden 6 --layers 2 --batch-size 4 --time-steps 16 --schedule constant",
    ],
    [
      "translate",
      "--data pairs.csv --hidden 6 --batch-size 2 --teacher-forcing 0.5 --schedule constant",
    ],
  ]
) {
  Deno.test(`a stopped ${name} run ends with the same model when resumed`, () =>
    inFolder(async (cwd) => {
      await Deno.writeTextFile(`${cwd}/book.txt`, BOOK);
      await Deno.writeTextFile(`${cwd}/pairs.csv`, PAIRS);
      const run = `--task ${name} ${flags} --dropout 0.2 --validation 0`;
      await well(cwd, `train ${run} --epochs 3 --out whole`.split(" "));
      await well(cwd, `train ${run} --epochs 1 --out part --checkpoint run --every 3`.split(" "));
      await well(cwd, "train --resume run --epochs 3 --out rest".split(" "));
      assertEquals(await Deno.readFile(`${cwd}/rest`), await Deno.readFile(`${cwd}/whole`));
      await well(
        cwd,
        "train --from rest --data book.txt --epochs 1 --out more".split(" ").map((arg) =>
          name === "translate" ? arg.replace("book.txt", "pairs.csv") : arg
        ),
      );
    }));
}

const MODELS = {
  "lm": "--task language-model --data book.txt --hidden 4 --epochs 1",
  "labels": "--task generate-from-label --data own.csv --hidden 4 --epochs 1",
  "pairs": "--task translate --data pairs.csv --hidden 4 --epochs 1",
  "still": "--task translate --data pairs.csv --hidden 4 --epochs 1 --attention none",
  "article": "--epochs 1",
};

/** Arguments for those models, and part of the error message. */
const REFUSALS: [args: string[], says: string][] = [
  [
    "train --task language-model --data short.txt --time-steps 50".split(" "),
    "short.txt: has 10 characters to learn from, fewer than one chunk of 50",
  ],
  ["train --task language-model --data one.txt".split(" "), "the text has 1 different characters"],
  ["train --task language-model --data empty.txt".split(" "), "empty.txt"],
  ["train --task language-model".split(" "), "--task language-model: needs your own data"],
  ["train --task translate --data own.csv".split(" "), 'own.csv:1: no column "source"'],
  [
    "train --task translate --data pairs.csv --head max".split(" "),
    "--head: is for --task classification or regression or series-classification, got translate",
  ],
  [
    "train --data own.csv --attention dot".split(" "),
    "--attention: is for --task translate, got classification",
  ],
  [
    "train --task language-model --data book.txt --bidirectional yes".split(" "),
    "--bidirectional: is for --task classification or translate",
  ],
  [
    "train --task translate --data pairs.csv --teacher-forcing 1.5".split(" "),
    "--teacher-forcing: expected a number from 0 to 1",
  ],
  [
    "train --task translate --from lm --data pairs.csv".split(" "),
    "lm: is a model for language-model; use it with deno task generate",
  ],
  ["train --from lm --data book.txt --hidden 9".split(" "), "--hidden: is fixed by the model"],
  [["generate", "--model", "lm", "--prompt", "the ñandú"], 'has not seen: "ñ", "ú"'],
  ["generate --model lm --label up".split(" "), 'writes without labels, got the label "up"'],
  ["generate --model article".split(" "), "article: is a model for classification; use it with"],
  ["generate --model pairs".split(" "), "pairs: is a model for translate; use it with"],
  ["generate --model lm --temperature=-1".split(" "), "--temperature: expected a number of at l"],
  ["generate --model lm --top-k 0".split(" "), "--top-k: expected a whole number of at least 1"],
  ["generate --model lm --top-p 0".split(" "), "top-p must be above 0 and at most 1, got 0"],
  ["predict --model lm text".split(" "), "lm: is a model for language-model"],
  ["predict --model labels text".split(" "), "labels: is a model for generate-from-label"],
  ["predict --model pairs --beam 4 ab".split(" "), "the beam width must be at most 3"],
  ["predict --model article --beam 2 good".split(" "), "--beam: is for a translation model"],
  ["predict --model still --attention ab".split(" "), "still was trained without attention"],
  [
    "inspect --gradients --data own.csv --model lm".split(" "),
    "lm: is a model for language-model",
  ],
  ["evaluate --model pairs --data own.csv".split(" "), 'own.csv:1: no column "source"'],
];

Deno.test("invalid input for these tasks is refused in one line, and changes no file", () =>
  inFolder(async (cwd) => {
    const files = {
      "book.txt": BOOK,
      "own.csv": LABELLED,
      "pairs.csv": PAIRS,
      "short.txt": "abcdefghij",
      "one.txt": "aaaaaaaaaaaaaaaaaaaa",
      "empty.txt": "",
    };
    for (const [name, content] of Object.entries(files)) {
      await Deno.writeTextFile(`${cwd}/${name}`, content);
    }
    for (const [name, flags] of Object.entries(MODELS)) {
      await well(cwd, `train ${flags} --out ${name}`.split(" "));
    }
    const before = await filesIn(cwd);
    for (const [args, says] of REFUSALS) {
      const { status, out, err } = await unroll(args, { cwd });
      assertEquals([status, out], [2, ""], `${args.join(" ")}: ${err}`);
      assertStringIncludes(err, says);
      assert(err.startsWith("error: ") && err.trim().split("\n").length === 1, err);
    }
    assertEquals(await filesIn(cwd), before);
  }));
