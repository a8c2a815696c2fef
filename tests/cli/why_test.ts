import type { Explanation } from "@unroll/core";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { markedText, showNats, whyLines } from "#cli/output/why_view.ts";
import { inFolder, unroll } from "./helpers.ts";

const CSV = `text,label
a good film,positive
a bad film,negative
not a good film,negative
not a bad film,positive
`;

const explanation = (text: string, words: string[], shares: number[]): Explanation => ({
  text,
  method: "leave-one-out",
  words,
  attributions: [{ label: "up", score: 1.5, baseline: 0.25, shares }],
});

Deno.test("markedText() keeps a text's spelling, or else returns the words", () => {
  const found = explanation("Not GOOD!", ["not", "good"], [-1, 2]);
  assertEquals(markedText(found, found.attributions[0], showNats), [
    { text: "Not", share: -0.5, shown: "-1.00" },
    { text: " " },
    { text: "GOOD", share: 1, shown: "+2.00" },
    { text: "!" },
  ]);
  const changed = explanation("ﬁne", ["fine", "so"], [0, 0]);
  assertEquals(markedText(changed, changed.attributions[0], showNats).map(({ text }) => text), [
    "fine",
    " ",
    "so",
  ]);
});

Deno.test("whyLines() names an entity as it is written, with or without spaces", () => {
  const plain = { colors: false, columns: 80 };
  const head = (text: string, words: string[], start: number, end: number) => {
    const found = explanation(text, words, words.map(() => 1));
    found.attributions[0].about = { start, end };
    return /^ +(.*): log-odds/.exec(whyLines(found, showNats, plain)[0])![1];
  };
  assertEquals(head("去北京市", ["去", "北", "京", "市"], 1, 4), "up 北京市");
  assertEquals(head("call ANN  Lee", ["call", "ann", "lee"], 1, 3), "up ANN  Lee");
  assertEquals(head("ann x", ["another", "word"], 0, 2), "up another word");
});

Deno.test("whyLines() shows signs, or colors, and breaks long lines", () => {
  const found = explanation("so bad a film", ["so", "bad", "a", "film"], [0.5, 2, 0, -0.3]);
  const plain = { colors: false, columns: 80 };
  assertEquals(whyLines(found, showNats, plain), [
    "    up: log-odds +1.50 (+0.25 without words)",
    "    so(+0.50) bad(+2.00) a film(-0.30)",
  ]);
  assertEquals(
    whyLines(found, showNats, { ...plain, colors: true })[1],
    "    \x1b[32mso\x1b[0m(+0.50) \x1b[1;32mbad\x1b[0m(+2.00) a \x1b[31mfilm\x1b[0m(-0.30)",
  );
  assertEquals(whyLines(found, showNats, { ...plain, columns: 28 }).slice(1), [
    "    so(+0.50) bad(+2.00) a",
    "    film(-0.30)",
  ]);
  const evil = explanation("\x1b[2Jbad", ["\x1b[2Jbad"], [1]);
  assert(!whyLines(evil, showNats, plain).join("").includes("\x1b"));
});

Deno.test("predict --why prints the words' contributions, also in JSON and in a table's column", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    const args = ["train", "--data", "own.csv", "--report", "report.html", "--epochs", "30"];
    assertEquals((await unroll([...args], { cwd })).status, 0);

    const { status, out, err } = await unroll(["predict", "--why", "A good film!", "zounds"], {
      cwd,
    });
    assertEquals(status, 2);
    const [first, score, words, ...rest] = out.trimEnd().split("\n");
    assertMatch(first, /^\w+ +\d+\.\d% {2}A good film!$/);
    assertMatch(score, /^ {4}\w+: log-odds [+-]\d+\.\d\d \([+-]\d+\.\d\d without words\)$/);
    assertMatch(words, /^ {4}A(\([+-]\d.\d\d\))? good(\([+-]\d.\d\d\))? film(\([+-]\d.\d\d\))?!$/);
    assertEquals(rest, []);
    assertMatch(err, /^error: "zounds" has no word that the model knows/);

    const json = await unroll(["predict", "--json", "--why=leave-one-out", "a good film"], { cwd });
    const { why } = JSON.parse(json.out);
    assertEquals([why.method, why.words], ["leave-one-out", ["a", "good", "film"]]);
    assertEquals(why.attributions[0].shares.length, 3);

    await Deno.writeTextFile(`${cwd}/new.csv`, "text\na good film\nzounds\n");
    const table = ["predict", "--why", "integrated-gradients", "--data", "new.csv", "--out"];
    assertEquals((await unroll([...table, "answers.csv"], { cwd })).status, 2);
    const [head, row, empty] = (await Deno.readTextFile(`${cwd}/answers.csv`)).split("\n");
    assertEquals([head, empty], ["text,label,probability,why", "zounds,,,"]);
    assertMatch(row, /^a good film,\w+,0\.\d+,(?:\w+ [+-]\d\.\d\d(?:; |$)){3}/);
    assertEquals((await unroll([...table, "answers.jsonl"], { cwd })).status, 2);
    const [line] = (await Deno.readTextFile(`${cwd}/answers.jsonl`)).split("\n");
    const { score: whole, baseline, shares } = JSON.parse(line).why.attributions[0];
    const sum = shares.reduce((sum: number, each: number) => sum + each, 0);
    assertAlmostEquals(sum, whole - baseline, 0.05);

    const page = await Deno.readTextFile(`${cwd}/report.html`);
    if (page.includes("Most confident mistakes")) assertMatch(page, /<mark title="[+-]\d/);
  }));

Deno.test("the report marks the words of the largest errors and of the largest losses", () =>
  inFolder(async (cwd) => {
    const numbers = CSV.replaceAll("positive", "4").replaceAll("negative", "1");
    await Deno.writeTextFile(`${cwd}/numbers.csv`, numbers);
    await Deno.writeTextFile(`${cwd}/several.csv`, CSV.replaceAll("positive", "positive;all"));
    const runs = [["numbers.csv", "--task", "regression"], ["several.csv", "--multi-label", ";"]];
    for (const [data, ...flags] of runs) {
      const args = ["train", "--data", data, ...flags, "--epochs", "2", "--report", "report.html"];
      assertEquals((await unroll(args, { cwd })).status, 0);
      const page = await Deno.readTextFile(`${cwd}/report.html`);
      assertMatch(page, /<mark title="[+-]\d+\.\d+" style="background: rgb\(/);
      assertStringIncludes(page, "Red words support the prediction");
      const { status, out } = await unroll(["predict", "--why", "a good film"], { cwd });
      assertEquals(status, 0);
      assertStringIncludes(out, "without words)");
    }
  }));

const TAGS = `text,label
Ann Lee called Bob,B-PER I-PER O B-PER
call Ann,O B-PER
Bob called,B-PER O
they call,O O
`;

const PARTS = `text,label
they run far,PRON VERB ADV
a run ends,DET NOUN VERB
`;

Deno.test("predict --why explains each entity of a tagger, or each tag", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/tags.csv`, TAGS);
    const args = ["train", "--data", "tags.csv", "--head", "token", "--task", "classification"];
    const run = [...args, "--epochs", "60", "--report", "report.html"];
    const trained = await unroll(run, { cwd });
    assertEquals(trained.status, 0, trained.err);
    const { status, out } = await unroll(["predict", "--why", "Ann Lee called Zoe", "they call"], {
      cwd,
    });
    assertEquals(status, 0);
    const [first, person, ...rest] = out.trimEnd().split("\n");
    assertStringIncludes(first, "Ann/B-PER Lee/I-PER called/O Zoe/");
    assertMatch(
      person,
      /^ {4}PER Ann Lee: log-odds [+-]\d+\.\d\d \([+-]\d+\.\d\d without words\): (Ann|Lee) [+-]\d/,
    );
    assertEquals(rest.slice(-2), ["they/O call/O", "    no entity to explain"]);

    const json = await unroll(["predict", "--json", "--why", "call Ann"], { cwd });
    const { why: { words, attributions: [found] } } = JSON.parse(json.out);
    assertEquals([words, found.label, found.about], [["call", "Ann"], "PER", { start: 1, end: 2 }]);
    assertEquals(found.shares.length, 2);

    await Deno.writeTextFile(`${cwd}/new.csv`, "text\ncall Ann\nthey call\n");
    const table = await unroll(["predict", "--why", "--data", "new.csv", "--out", "a.csv"], {
      cwd,
    });
    assertEquals(table.status, 0, table.err);
    const [head, row, none] = (await Deno.readTextFile(`${cwd}/a.csv`)).split("\n");
    assertEquals([head, none], ["text,tags,why", "they call,O O,"]);
    assertMatch(row, /^call Ann,O B-PER,PER Ann: (call|Ann) [+-]\d+\.\d\d; (call|Ann) [+-]/);

    const page = await Deno.readTextFile(`${cwd}/report.html`);
    assertStringIncludes(page, "<h2>Typical correct predictions</h2>");
    assertMatch(page, /<bdi>(Ann|Bob), in: <mark title="[+-]\d/);

    await Deno.writeTextFile(`${cwd}/parts.csv`, PARTS);
    const parts = ["train", "--data", "parts.csv", "--head", "token", "--epochs", "2"];
    assertEquals((await unroll([...parts, "--out", "parts.safetensors"], { cwd })).status, 0);
    const own = await unroll(["predict", "--model", "parts.safetensors", "--why", "they run"], {
      cwd,
    });
    const lines = own.out.trimEnd().split("\n");
    assertEquals(lines.length, 3);
    assertMatch(lines[1], /^ {4}[A-Z]+ they: log-odds /);
    assertMatch(lines[2], /^ {4}[A-Z]+ run: log-odds /);
  }));

Deno.test("the report marks typical correct predictions, with the punctuation that a linear model reads", () =>
  inFolder(async (cwd) => {
    const rows = Array.from(
      { length: 240 },
      (_, i) =>
        i % 2 === 0 ? `a good & fine film no ${i}!,<b>up</b>` : `a bad <i>film</i> no ${i}?,down`,
    );
    await Deno.writeTextFile(`${cwd}/own.csv`, ["text,label", ...rows].join("\n"));
    const args = ["train", "--data", "own.csv", "--report", "report.html", "--epochs", "3"];
    const trained = await unroll([...args, "--hidden", "8"], { cwd });
    assertEquals(trained.status, 0, trained.err);
    const page = await Deno.readTextFile(`${cwd}/report.html`);
    const [, section] = page.split("<h2>Typical correct predictions</h2>");
    assertStringIncludes(section, "<bdi>&lt;b&gt;up&lt;/b&gt;</bdi>");
    assert(/<mark title="[+-]\d+\.\d+"[^>]*>(!|\?)<\/mark>/.test(section));
    assert(!/<(i|b)>/.test(page));
    const json = await unroll(["predict", "--json", "--why", "a good film!"], { cwd });
    const { label, probabilities, why } = JSON.parse(json.out);
    const [{ score, baseline, shares }] = why.attributions;
    assertEquals(why.words, ["a", "good", "film", "!"]);
    const p = probabilities[label];
    assertAlmostEquals(score, Math.log(p / (1 - p)), 1e-3);
    const sum = shares.reduce((all: number, each: number) => all + each, 0);
    assertAlmostEquals(sum, score - baseline, 0.05);
  }));

Deno.test("--why is refused for models without word contributions", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/pairs.csv`, "source,target\nab,ba\nba,ab\n");
    const args = ["train", "--data", "pairs.csv", "--task", "translate", "--epochs", "1"];
    const trained = await unroll(args, { cwd });
    assertEquals(trained.status, 0, trained.err);
    const { status, err } = await unroll(["predict", "--why", "ab"], { cwd });
    assertEquals([status, err], [2, "error: --why: is for a model that classifies texts\n"]);
    const wrong = await unroll(["predict", "--why=magic", "a b"], { cwd });
    assertEquals(wrong.status, 2);
    assertMatch(
      wrong.err,
      /^error: --why: expected integrated-gradients or leave-one-out, got "magic"/,
    );
  }));
