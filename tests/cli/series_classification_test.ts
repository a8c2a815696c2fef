import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { filesIn, inFolder, unroll } from "./helpers.ts";

const STEPS = 12;
const KINDS: Record<string, (t: number) => number> = {
  up: (t) => t / STEPS,
  down: (t) => 1 - t / STEPS,
  flat: () => 0.5,
};

/** Returns deterministic noise. */
const noise = (i: number) => 0.1 * Math.sin(i * i * 12.9898);

/** Returns a table with one row per step, of series of different lengths. */
function long(each: number, first = 0): string {
  const rows = ["id,step,x,label"];
  for (let i = first; i < first + each; i++) {
    for (const [label, value] of Object.entries(KINDS)) {
      for (let t = 0; t < STEPS - i % 3; t++) {
        rows.push(`${label}${i},${t},${(value(t) + noise(31 * i + t)).toFixed(3)},${label}`);
      }
    }
  }
  return `${rows.join("\n")}\n`;
}

/** Returns a table with one row per series, as in the UCR archive. */
function wide(each: number, first = 0): string {
  const rows = [["label", ...Array.from({ length: STEPS }, (_, t) => `t${t}`)].join(",")];
  for (let i = first; i < first + each; i++) {
    for (const [label, value] of Object.entries(KINDS)) {
      const values = Array.from({ length: STEPS }, (_, t) => value(t) + noise(31 * i + t));
      rows.push([label, ...values.map((value) => value.toFixed(3))].join(","));
    }
  }
  return `${rows.join("\n")}\n`;
}

const TASK = ["train", "--task", "series-classification", "--data", "train.csv"];
const QUICK = ["--hidden", "8", "--epochs", "60", "--learning-rate", "0.02"];
const LONG = ["--series", "id", "--time", "step"];

const jsonOf = (out: string) => out.trim().split("\n").map((line) => JSON.parse(line));

function withFiles(files: Record<string, string>, fn: (cwd: string) => Promise<void>) {
  return inFolder(async (cwd) => {
    for (const [name, content] of Object.entries(files)) {
      await Deno.writeTextFile(`${cwd}/${name}`, content);
    }
    await fn(cwd);
  });
}

Deno.test("series with one row per step are classified, and compared with one nearest neighbor", () =>
  withFiles({ "train.csv": long(6), "test.csv": long(4, 6) }, async (cwd) => {
    const args = [...TASK, ...QUICK, ...LONG, "--test", "test.csv", "--report", "report.html"];
    const { status, out, err } = await unroll(args, { cwd });
    assertEquals(status, 0, err);
    assertStringIncludes(err, 'numbers in "x", times in "step"');
    assertStringIncludes(err, 'series by "id", labels in "label"');
    assertMatch(
      out,
      /^Training a bidirectional gru of 8 units to classify series of x into 3 labels, on 18 series, 12 for /,
    );
    assertMatch(out, /^(The network|A baseline) .*(nearest neighbor|same accuracy)/m);
    const [, accuracy] = /Test \(12 series\): accuracy (\d+\.\d)% \(.*%\); one nearest neighbor/
      .exec(out)!;
    assert(Number(accuracy) > 80, out);
    assertStringIncludes(await Deno.readTextFile(`${cwd}/report.html`), "Confusion matrix");

    const evaluated = await unroll(["evaluate", "--data", "test.csv", ...LONG], { cwd });
    assertStringIncludes(evaluated.out, `12 series: loss`);
    assertStringIncludes(evaluated.out, `accuracy ${accuracy}%`);
    assertMatch(evaluated.out, /label +precision +recall +F1 +series/);

    const ask = ["predict", "--data", "test.csv", ...LONG];
    const asked = await unroll([...ask, "--out", "answers.csv", "--probabilities"], { cwd });
    assertEquals([asked.status, asked.out], [0, "Saved answers.csv: 12 series.\n"]);
    const [head, first] = (await Deno.readTextFile(`${cwd}/answers.csv`)).split("\n");
    assertEquals(
      head,
      "id,label,probability,probability_down,probability_flat,probability_up",
    );
    assertMatch(first, /^up6,(up|flat),0\.\d+,/);
    const json = jsonOf((await unroll([...ask, "--json"], { cwd })).out);
    assertEquals([json.length, json[0].id], [12, "up6"]);
  }));

Deno.test("series with one row per series, as in the UCR archive, are read with and without labels", () =>
  withFiles({ "train.csv": wide(6), "test.csv": wide(4, 6) }, async (cwd) => {
    const args = [...TASK, ...QUICK, "--test", "test.csv", "--json"];
    const { status, out, err } = await unroll(args, { cwd });
    assertEquals(status, 0, err);
    const records = jsonOf(out);
    assertEquals([records[0].type, records[0].layout], ["reading", "wide"]);
    const review = records.find(({ type }) => type === "review");
    assertEquals([review.on, review.series], ["test", 12]);
    assert(review.accuracy > 0.8 && review.nearestNeighbor > 0.5, JSON.stringify(review));
    const unlabeled = wide(2, 6).split("\n").map((line) => line.replace(/^[^,]*,/, "")).join("\n");
    await Deno.writeTextFile(`${cwd}/new.csv`, unlabeled);
    const asked = await unroll(["predict", "--data", "new.csv"], { cwd });
    assertEquals(asked.status, 0, asked.err);
    const lines = asked.out.trim().split("\n");
    assertEquals([lines[0], lines.length], ["series,label,probability", 7]);
    assertMatch(lines[1], /^1,(up|flat|down),/);
  }));

Deno.test("a resumed run and a run on two threads end with the same model", () =>
  withFiles({ "train.csv": wide(4) }, async (cwd) => {
    const model = (name: string) => Deno.readFile(`${cwd}/${name}`);
    const args = (out: string, epochs: number, threads: number) => [
      ...[...TASK, "--hidden", "4", "--epochs", `${epochs}`, "--threads", `${threads}`],
      ...["--schedule", "constant", "--out", out],
    ];
    await unroll(args("whole.safetensors", 4, 1), { cwd });
    await unroll(args("threads.safetensors", 4, 2), { cwd });
    assertEquals(await model("whole.safetensors"), await model("threads.safetensors"));
    await unroll([...args("half.safetensors", 2, 1), "--checkpoint", "run"], { cwd });
    const resume = ["train", "--resume", "run", "--epochs", "4", "--out", "resumed.safetensors"];
    const resumed = await unroll(resume, { cwd });
    assertEquals(resumed.status, 0, resumed.err);
    assertEquals(await model("resumed.safetensors"), await model("whole.safetensors"));
  }));

const BAD: [what: string, content: string, args: string[], error: RegExp][] = [
  [
    "one label for all series",
    wide(4).split("\n").filter((line) => /^(label|up)/.test(line)).join("\n"),
    [],
    /^error: train\.csv: every series has the label "up"; a classifier needs at least two/m,
  ],
  [
    "a missing label column",
    "id,step,x\na,0,1\na,1,2\nb,0,3\nb,1,4\n",
    ["--series", "id"],
    /^error: train\.csv:2: has no column of labels; name one with --label-column/m,
  ],
  [
    "two labels in a series",
    long(2).replace(/^up0,3,([^,]*),up$/m, "up0,3,$1,down"),
    LONG,
    /^error: train\.csv:5: the series "up0" has two labels in "label", "up" and "down"/m,
  ],
  [
    "an invalid number with --strict",
    wide(4).replace(/^up,[^,]*/m, "up,many"),
    ["--strict"],
    /^error: train\.csv:2: "t0": "many" is not a number/,
  ],
  [
    "a decreasing time",
    long(2).replace(/^up0,3,/m, "up0,1,"),
    LONG,
    /^error: train\.csv:5: "step": the time (decreases|1 already appears)/,
  ],
  [
    "a flag of forecasting",
    wide(4),
    ["--horizon", "4"],
    /^error: --horizon: is for --task forecast, got series-classification/,
  ],
];

for (const [what, content, args, error] of BAD) {
  Deno.test(`train reports ${what} in one clear line, with status 2`, () =>
    withFiles({ "train.csv": content }, async (cwd) => {
      const { status, err } = await unroll([...TASK, "--epochs", "1", ...args], { cwd });
      assertEquals(status, 2, err);
      assertMatch(err, error);
      assertEquals(err.split("\n").filter((line) => line.startsWith("error:")).length, 1);
      assertEquals(await filesIn(cwd), ["train.csv"]);
    }));
}

Deno.test("predict reports what the model reads, given texts, a stream or other columns", () =>
  withFiles({ "train.csv": long(2), "other.csv": long(2).replace(",x,", ",y,") }, async (cwd) => {
    await unroll([...TASK, "--hidden", "2", "--epochs", "1", ...LONG], { cwd });
    const other = await unroll(["predict", "--data", "other.csv", ...LONG], { cwd });
    assertEquals(other.status, 2);
    assertStringIncludes(
      other.err,
      'error: other.csv:2: no column "x" of numbers, only "y"; the model reads "x"',
    );
    const text = await unroll(["predict", "hello"], { cwd });
    assertStringIncludes(text.err, 'error: "hello": is a text, but this model labels series');
    const stream = await unroll(["predict", "--stream"], { cwd, input: "1\n" });
    assertStringIncludes(stream.err, "error: --stream: is for a model that forecasts numbers");
    const beam = await unroll(["predict", "--data", "train.csv", "--beam", "2"], { cwd });
    assertStringIncludes(beam.err, "error: --beam: is for");
  }));
