// Regression and multi-label classification.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inFolder, unroll } from "./helpers.ts";

const WORTH = { awful: -20, bad: -10, plain: 0, good: 15, great: 30 };
const TOPICS = { ball: "sport", vote: "politics", film: "art" };

/** Returns a table of texts whose label is the scaled sum of their words' values. */
function numbers(count: number): string {
  const words = Object.entries(WORTH);
  const rows = Array.from({ length: count }, (_, i) => {
    const drawn = (37 * i) % 125;
    const some = [1, 5, 25].map((place) => words[Math.floor(drawn / place) % 5]);
    const stars = some.reduce((sum, [, worth]) => sum + worth, 200) / 10;
    return `${some.map(([word]) => word).join(" ")},${stars}`;
  });
  return ["review,stars", ...rows, ""].join("\n");
}

/** Returns texts with their labels. */
function topics(count: number): [text: string, labels: string[]][] {
  const words = Object.entries(TOPICS);
  return Array.from({ length: count }, (_, i) => {
    const some = words.filter((_, k) => ((i * 5 + 3) >> k) % 2 === 1);
    return [["the", ...some.map(([word]) => word), "again"].join(" "), some.map(([, of]) => of)];
  });
}

const COLUMNS = ["--text-column", "review", "--label-column", "stars"];
const FAST = ["--epochs", "40", "--learning-rate", "0.02"];

Deno.test("train, evaluate, predict and inspect work for regression of texts", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/train.csv`, numbers(60));
    await Deno.writeTextFile(`${cwd}/test.csv`, numbers(90));
    const run = ["train", "--task", "regression", "--data", "train.csv", ...COLUMNS];
    const trained = await unroll([...run, ...FAST, "--test", "test.csv", "--report", "r.html"], {
      cwd,
    });
    assertEquals(trained.status, 0, trained.err);
    assertMatch(trained.out, /numbers of \d\d\.\d+ ± \d\.\d+/);
    assertMatch(trained.out, /Test \(90 sentences\): MAE \d\.\d+, RMSE \d\.\d+, R² 0\.\d{3}, loss/);
    assertStringIncludes(trained.out, "the training median, ");
    assertStringIncludes(trained.out, "a linear model on the words (ridge)  ");
    const page = await Deno.readTextFile(`${cwd}/r.html`);
    for (const part of ["Mean absolute error", "Loss (huber)", "Largest errors"]) {
      assertStringIncludes(page, part);
    }

    const evaluated = await unroll(["evaluate", "--data", "test.csv", ...COLUMNS, "--json"], {
      cwd,
    });
    const { mae, rmse, r2, baselines, mistakes, ridge } = JSON.parse(evaluated.out);
    assert(ridge.mae > 0 && ridge.mae < baselines.median.mae); // saved in the model
    assert(mae < baselines.median.mae / 2 && rmse < baselines.mean.rmse / 2 && r2 > 0.7);
    assertEquals(mistakes.length, 10);

    const asked = await unroll(["predict", "great great great", "--json"], { cwd });
    const { value } = JSON.parse(asked.out);
    assert(value > 24 && value < 32, String(value));
    const odd = await unroll(["predict", "unheard"], { cwd });
    assertEquals([odd.status, odd.out], [2, ""]);
    assertStringIncludes(odd.err, "has no word that the model knows");

    const more = ["--text-column", "review", "--out", "answers.csv"];
    const filed = await unroll(["predict", "--data", "test.csv", ...more], { cwd });
    assertEquals(filed.status, 0, filed.err);
    const [header, first] = (await Deno.readTextFile(`${cwd}/answers.csv`)).split("\n");
    assertEquals(header, "review,stars,prediction");
    assertMatch(first, /^awful awful awful,14,\d+(\.\d{1,5})?$/);

    const still = ["--epochs", "1", "--learning-rate", "1e-9", "--out", "still.safetensors"];
    const { out } = await unroll([...run, ...still, "--test", "test.csv"], { cwd });
    assertMatch(out, /\n\nThe model is no better than .*: its MAE is \d\.\d+, the model's/);

    const inspected = await unroll(["inspect"], { cwd });
    assertMatch(inspected.out, /loss +huber/);
    const again = ["train", "--from", "model.safetensors", "--data", "train.csv", ...COLUMNS];
    const settled = await unroll([...again, "--loss", "squared"], { cwd });
    assertEquals([settled.status, settled.out], [2, ""]);
    assertStringIncludes(settled.err, "--loss: is fixed by the model of --from; leave it out");
  }));

/** Returns waves of different speeds: one row per step, and one row per series. */
function waves(count: number): { long: string; wide: string } {
  const long = ["id,step,x,speed"],
    wide = ["label," + Array.from({ length: 24 }, (_, t) => `t${t}`)];
  for (let i = 0; i < count; i++) {
    const speed = 20 + ((7 * i) % 31) * 2;
    const values = Array.from({ length: 24 }, (_, t) => Math.sin(t * speed / 100 + i).toFixed(4));
    values.forEach((value, t) => long.push(`${i},${t},${value},${speed}`));
    wide.push([speed, ...values].join(","));
  }
  return { long: long.join("\n"), wide: wide.join("\n") };
}

Deno.test("train, evaluate, predict and resume work for regression of series, in both layouts", () =>
  inFolder(async (cwd) => {
    for (const [name, text] of Object.entries(waves(62))) {
      await Deno.writeTextFile(`${cwd}/${name}.csv`, text);
    }
    const forms = {
      long: ["--series", "id", "--time", "step", "--label-column", "speed"],
      wide: ["--layout", "wide"],
    };
    for (const [form, flags] of Object.entries(forms)) {
      const data = ["--data", `${form}.csv`, ...flags];
      const run = ["train", "--task", "regression", ...data, "--hidden", "16"];
      const trained = await unroll([...run, "--epochs", "40", "--report", "r.html"], { cwd });
      assertEquals(trained.status, 0, trained.err);
      assertMatch(trained.out, /Training \(62 series\): MAE \d\.\d+, RMSE \d\.\d+, R² 0\.\d{3}/);
      assertStringIncludes(await Deno.readTextFile(`${cwd}/r.html`), "Largest errors");
      const evaluated = await unroll(["evaluate", ...data, "--json"], { cwd });
      const { series, mae, baselines } = JSON.parse(evaluated.out);
      assertEquals(series, 62);
      assert(mae < baselines.median.mae / 2, `${form}: ${mae}`);
      const ways = form === "long" ? ["--series", "id", "--time", "step"] : flags;
      const asked = ["predict", "--data", `${form}.csv`, ...ways, "--out", "answers.csv"];
      const filed = await unroll(asked, { cwd });
      assertEquals(filed.status, 0, filed.err);
      const [header, first, ...rest] = (await Deno.readTextFile(`${cwd}/answers.csv`)).split("\n");
      assertEquals([header, rest.length], [
        form === "long" ? "id,prediction" : "series,prediction",
        62,
      ]);
      assertMatch(first, /^[^,]+,\d\d(\.\d+)?$/);
    }
    const run = ["train", "--task", "regression", "--data", "wide.csv", "--layout", "wide"];
    const small = [...run, "--hidden", "8", "--dropout", "0.2", "--schedule", "constant"];
    await unroll([...small, "--epochs", "4", "--out", "whole.safetensors"], { cwd });
    await unroll([...small, "--epochs", "2", "--checkpoint", "run", "--every", "3"], { cwd });
    const resumed = await unroll(["train", "--resume", "run", "--epochs", "4"], { cwd });
    assertEquals(resumed.status, 0, resumed.err);
    const [whole, rest] = await Promise.all(
      ["whole.safetensors", "run/model.safetensors"].map((file) => Deno.readFile(`${cwd}/${file}`)),
    );
    assertEquals(rest, whole);
    const odd = await unroll([...run, "--vectors", "words.vec"], { cwd });
    assertEquals(odd.status, 2);
    assertMatch(odd.err, /^error: --vectors: is for texts, and this is a run on series/);
    const word = await unroll(["predict", "a text"], { cwd });
    assertEquals(word.status, 2);
    assertMatch(
      word.err,
      /this model predicts a number for a series: give series with --data FILE/,
    );
  }));

Deno.test("a resumed regression run saves the same model", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/train.csv`, numbers(40));
    const run = ["train", "--task", "regression", "--data", "train.csv", ...COLUMNS];
    const options = [...run, "--dropout", "0.2", "--loss", "absolute"];
    await unroll([...options, "--epochs", "6", "--out", "whole.safetensors"], { cwd });
    await unroll([...options, "--epochs", "3", "--checkpoint", "run", "--every", "7"], { cwd });
    const resumed = await unroll(["train", "--resume", "run", "--epochs", "6"], { cwd });
    assertEquals(resumed.status, 0, resumed.err);
    const [whole, rest] = await Promise.all(
      ["whole.safetensors", "run/model.safetensors"].map((file) => Deno.readFile(`${cwd}/${file}`)),
    );
    assertEquals(rest, whole);
  }));

Deno.test("a label that is not a number is reported with its line and what to do", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/a.csv`, "text,label\ngood,4\nbad,one\nso so,3\nfine,4\n");
    await Deno.writeTextFile(`${cwd}/b.csv`, "text,label\ngood,yes\nbad,no\n");
    await Deno.writeTextFile(`${cwd}/c.csv`, "text,label\ngood,4\nbad,4\n");
    await Deno.writeTextFile(`${cwd}/d.csv`, 'text,label\ngood,"1,5"\nbad,"2,25"\n');
    const run = async (file: string, ...more: string[]) => {
      const args = ["train", "--task", "regression", "--epochs", "1", "--data", file];
      const { status, err } = await unroll([...args, ...more], { cwd });
      return { status, err };
    };
    const left = await run("a.csv");
    assertEquals(left.status, 0);
    assertStringIncludes(left.err, "a.csv: left out 1 of 4 rows; --strict stops at the first:");
    assertStringIncludes(
      left.err,
      'a.csv:3: the label "one" is not a number; write it like 3.5, or remove the row',
    );
    const strict = await run("a.csv", "--strict");
    assertEquals(strict.status, 2);
    assertMatch(strict.err, /^error: a\.csv:3: the label "one" is not a number/);
    const none = await run("b.csv");
    assertEquals(none.status, 2);
    assertMatch(none.err, /^error: b\.csv:2: the label "yes" is not a number.*; 2 of 2 rows/);
    const constant = await run("c.csv");
    assertEquals(constant.status, 2);
    assertMatch(constant.err, /every example has the number 4; give examples with different/);
    assertEquals((await run("d.csv")).status, 0);
    const head = await run("a.csv", "--head", "token");
    assertMatch(head.err, /^error: .*the head must be last, mean, max/m);
    const other = await unroll(["train", "--data", "a.csv", "--loss", "huber"], { cwd });
    assertEquals(other.status, 2);
    assertMatch(other.err, /^error: --loss: is for --task regression.*, got classification/);
  }));

Deno.test("train, evaluate and predict work for multi-label classification", () =>
  inFolder(async (cwd) => {
    const rows = topics(60).map(([text, labels]) => `${text},${labels.join(" ; ")}`);
    await Deno.writeTextFile(`${cwd}/train.csv`, ["text,label", ...rows, ""].join("\n"));
    const run = ["train", "--data", "train.csv", "--multi-label", ";", ...FAST];
    const trained = await unroll([...run, "--report", "r.html"], { cwd });
    assertEquals([trained.status, trained.err], [0, ""]);
    assertStringIncludes(trained.out, "3 labels, any number of them per sentence.");
    assertMatch(trained.out, /Training \(60 sentences\): exact match 100\.0%, micro F1 100\.0%/);
    assertMatch(trained.out, /Always the most frequent labels, .*: exact match \d+\.\d%, micro F1/);
    const page = await Deno.readTextFile(`${cwd}/r.html`);
    for (const part of ["Exact match", "F1, micro and macro", "precision"]) {
      assertStringIncludes(page, part);
    }

    // Lists in JSON and fastText labels give the same result.
    const objects = topics(8).map(([text, label]) => JSON.stringify({ text, label }));
    await Deno.writeTextFile(`${cwd}/test.jsonl`, objects.join("\n"));
    const lines = topics(8).map(([text, of]) =>
      [...of.map((l) => `__label__${l}`), text].join(" ")
    );
    await Deno.writeTextFile(`${cwd}/test.txt`, lines.join("\n"));
    for (const args of [["test.jsonl"], ["test.txt", "--format", "fasttext"]]) {
      const found = await unroll(["evaluate", "--json", "--data", ...args], { cwd });
      assertEquals(found.status, 0, found.err);
      const { sentences, exact, micro, macroF1, majority } = JSON.parse(found.out);
      assertEquals([sentences, exact, micro.f1, macroF1], [8, 1, 1, 1]);
      assertEquals(majority.exact, 1 / 8);
    }

    const asked = await unroll(["predict", "ball film", "the again"], { cwd });
    const [both, none] = asked.out.split("\n");
    assertMatch(both, /^(art|sport) \d+\.\d%, (art|sport) \d+\.\d% {2}ball film$/);
    assertEquals(none, "(none)  the again");
    const args = ["predict", "--data", "test.jsonl", "--probabilities", "--out", "answers.csv"];
    assertEquals((await unroll(args, { cwd })).status, 0);
    const [header] = (await Deno.readTextFile(`${cwd}/answers.csv`)).split("\n");
    const columns = ["art", "politics", "sport"].map((label) => `probability_${label}`);
    assertEquals(header, ["text", "label", "labels", ...columns].join(","));

    const more = await unroll(["train", "--from", "model.safetensors", "--data", "train.csv"], {
      cwd,
    });
    assertEquals(more.status, 0, more.err);
  }));

Deno.test("warnings hint at regression and multi-label flags, and flags report what they need", () =>
  inFolder(async (cwd) => {
    const several = topics(30).filter(([, labels]) => labels.length > 0)
      .map(([text, labels]) => `${text},${labels.join("|")}`);
    await Deno.writeTextFile(`${cwd}/several.csv`, ["text,label", ...several, ""].join("\n"));
    await Deno.writeTextFile(`${cwd}/numbers.csv`, numbers(120));
    const run = async (...args: string[]) => {
      const { status, err } = await unroll(["train", "--epochs", "1", ...args], { cwd });
      return { status, err };
    };
    const first = await run("--data", "several.csv");
    assertMatch(
      first.err,
      /several labels in one field: .*multi-label model \(--multi-label "\|"\)/,
    );
    const second = await run("--data", "numbers.csv", ...COLUMNS);
    assertMatch(
      second.err,
      /each a separate class; .*train a regression model \(--task regression\)/,
    );
    assertEquals((await run("--data", "several.csv", "--multi-label", "|")).err, "");
    const odd = await run("--data", "several.csv", "--multi-label", ";");
    assertMatch(
      odd.err,
      /^warning: no label contains ";", so each text has at most one label/m,
    );
    const data = ["--data", "several.csv"];
    const errors: [string[], RegExp][] = [
      [["--threshold", "0.4"], /--threshold: needs --multi-label SEPARATOR/],
      [["--threshold", "1"], /--threshold: expected a number above 0 and below 1, got "1"/],
      [["--multi-label", "|", "--head", "token"], /the head must be last, mean, max/],
      [["--multi-label", "|", "--time-steps", "3"], /--time-steps: is for texts with one label/],
      [["--multi-label", "|", "--label-weights", "odd=2"], /name "odd", which is not a label/],
      [["--multi-label", " "], /the label separator must be a text that is not blank/],
      [["--task", "regression", "--multi-label", "|"], /--multi-label: is for --task classific/],
    ];
    for (const [args, message] of errors) {
      const { status, err } = await run(...data, ...args);
      assertEquals(status, 2, err);
      assertMatch(err, message);
    }
  }));

Deno.test("thresholds are chosen on the validation split and printed, and a flag overrides them", () =>
  inFolder(async (cwd) => {
    // Every other row lacks its first label, so labels are rarer than their words.
    const rows = topics(160).map(([text, labels], i) => `${text},${labels.slice(i % 2).join(";")}`);
    await Deno.writeTextFile(`${cwd}/t.csv`, ["text,label", ...rows, ""].join("\n"));
    const run = ["train", "--data", "t.csv", "--multi-label", ";", "--epochs", "4"];
    run.push("--baseline", "no"); // a confident linear model would keep all thresholds at 0.5
    const { status, out, err } = await unroll([...run, "--validation", "0.4"], { cwd });
    assertEquals(status, 0, err);
    assertMatch(out, /\nThresholds chosen by F1 on the validation sentences: \w+ 0\.\d+ \(F1 /);
    assertMatch((await unroll(["inspect"], { cwd })).out, /\nthresholds +0\.\d+, /);
    const given = async (...more: string[]) => {
      const asked = await unroll(["predict", "--json", ...more, "the ball again"], { cwd });
      return JSON.parse(asked.out).labels.length;
    };
    assertEquals([await given("--threshold", "0.001"), await given("--threshold", "0.999")], [
      3,
      0,
    ]);
    const evaluated = await unroll(["evaluate", "--data", "t.csv", "--threshold", "0.999"], {
      cwd,
    });
    assertMatch(evaluated.out, /recall 0\.0%/);
    const fixed = await unroll([...run, "--threshold", "0.3"], { cwd });
    assertEquals([fixed.status, fixed.out.includes("Thresholds chosen")], [0, false]);
    const weighted = await unroll([...run, "--label-weights", "balanced"], { cwd });
    assertEquals(weighted.status, 0, weighted.err);

    await Deno.writeTextFile(`${cwd}/n.csv`, numbers(60));
    await unroll(
      ["train", "--task", "regression", "--data", "n.csv", ...COLUMNS, "--epochs", "1"],
      {
        cwd,
      },
    );
    const refused = await unroll(["predict", "--threshold", "0.3", "good"], { cwd });
    assertEquals([refused.status, refused.out], [2, ""]);
    assertMatch(refused.err, /^error: --threshold: is for a multi-label model/);
  }));
