import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { readSeries } from "@unroll/core";
import { filesIn, inFolder, unroll } from "./helpers.ts";

const MONTHS = 96;

/** Returns monthly values with a season of 12 steps and a trend. */
function sales(
  change: (row: string[], i: number) => string[] = (row) => row,
  head = "month,sold",
): string {
  const rows = Array.from({ length: MONTHS }, (_, i) => {
    const month = `${2010 + Math.floor(i / 12)}-${String(i % 12 + 1).padStart(2, "0")}`;
    const sold = 50 + i / 4 + 20 * Math.sin(i * Math.PI / 6) + (i * 7 % 5);
    return change([month, sold.toFixed(1)], i).join(",");
  });
  return `${head}\n${rows.join("\n")}\n`;
}

const TRAIN = ["train", "--task", "forecast", "--data", "sales.csv", "--hidden", "4"];
const QUICK = [...TRAIN, "--epochs", "2", "--horizon", "6"];

const jsonOf = (out: string) => out.trim().split("\n").map((line) => JSON.parse(line));

function withSales(
  fn: (cwd: string) => Promise<void>,
  content = sales(),
): Promise<void> {
  return inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/sales.csv`, content);
    await fn(cwd);
  });
}

Deno.test("a forecaster is trained and compared with naive forecasts", () =>
  withSales(async (cwd) => {
    const { status, out, err } = await unroll([...QUICK, "--hold-out", "12"], { cwd });
    assertEquals(status, 0, err);
    assertEquals(
      err,
      `sales.csv: CSV, header, ${MONTHS} rows; numbers in "sold", times in "month" (months, 1 month apart)\n`,
    );
    const lines = out.split("\n");
    assertEquals(lines[0], "Season of 12 steps, found by autocorrelation; --season sets another.");
    assertMatch(
      lines[1],
      /^Training a gru of 4 units to forecast 6 steps of sold from the last \d+/,
    );
    assertStringIncludes(lines[1], "12 for testing");
    assertMatch(lines[3], /epoch +train loss +MAE +MSE +test loss +MAE +MSE/);
    const comparison = lines.findIndex((line) =>
      /^(The network beats|A naive forecast beats|The model forecasts as well as)/.test(line)
    );
    assert(comparison > 3, out);
    assertMatch(lines[comparison + 2], /MAE +RMSE +sMAPE +MASE/);
    assertEquals(
      lines.slice(comparison + 3, comparison + 8).map((line) => line.trim().split(/ {2,}/)[0]),
      ["network", "last value", "seasonal naive (12)", "drift", "ridge"],
    );
    assertMatch(out, /The band covers \d+\.\d% of the values; its target is 90\.0%\./);
    assertStringIncludes(out, "▀▀ forecast");
    assertStringIncludes(out, "░░ 90% band");
    assertStringIncludes(out, "deno task predict --model model.safetensors --data sales.csv");
  }));

Deno.test("--json prints how the file was read, each epoch, the evaluation and the forecast", () =>
  withSales(async (cwd) => {
    const { out } = await unroll([...QUICK, "--hold-out", "12", "--json"], { cwd });
    const records = jsonOf(out);
    assertEquals(
      records.map(({ type }) => type).filter((type, i, all) => type !== all[i - 1]),
      ["reading", "season", "start", "epoch", "calibration", "review", "forecast", "saved"],
    );
    const [reading, season] = records;
    assertEquals([reading.columns, reading.time, reading.rows], [["sold"], "month", MONTHS]);
    assertEquals(season.season, 12);
    const review = records.find(({ type }) => type === "review");
    assertEquals([review.on, review.season, review.windows], ["test", 12, 7]);
    assertEquals(review.methods[0].name, "model");
    assertEquals(review.steps.length, 6);
    const epoch = records.find(({ type }) => type === "epoch");
    assert(epoch.train.mae > 0 && epoch.test.mse > 0);
  }));

Deno.test("the forecast is written with its band, as CSV, JSON Lines and to standard output", () =>
  withSales(async (cwd) => {
    await unroll(QUICK, { cwd });
    const ask = ["predict", "--data", "sales.csv"];
    const { status, out } = await unroll([...ask, "--out", "forecast.csv"], { cwd });
    assertEquals([status, out], [0, "Saved forecast.csv: 6 rows.\n"]);
    const text = await Deno.readTextFile(`${cwd}/forecast.csv`);
    assertEquals(text.split("\n")[0], "month,forecast,lower,upper");
    const { series: [{ values, time }] } = readSeries(text);
    assertEquals(new Date(time![0]).toISOString().slice(0, 7), "2018-01");
    assert(values[0].every((value, i) => values[1][i] <= value && value <= values[2][i]));
    assertEquals((await unroll(ask, { cwd })).out, text);
    const json = jsonOf((await unroll([...ask, "--json", "--horizon", "2"], { cwd })).out);
    assertEquals(json.length, 2);
    assertEquals(Object.keys(json[0]), ["month", "forecast", "lower", "upper"]);
    const long = await unroll([...ask, "--horizon", "14"], { cwd });
    assertEquals(long.out.trim().split("\n").length, 15);
    assertStringIncludes(long.err, "note: the model was trained to forecast 6 steps");
  }));

Deno.test("a forecaster is trained on several targets, a known-ahead column and several series", () =>
  inFolder(async (cwd) => {
    const rows = ["store;day;sold;visits;promotion"];
    for (let i = 0; i < 45; i++) {
      for (const store of ["north", "south"]) {
        const day = new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10);
        const isPromoted = i % 7 === 3 ? 1 : 0;
        // The last five days are in the future: only the promotion is known.
        const known = i < 40 ? [`${10 + i % 7},5`, `${100 + i % 7}`] : ["", ""];
        rows.push([store, day, ...known, isPromoted].join(";"));
      }
    }
    await Deno.writeTextFile(`${cwd}/sales.csv`, `${rows.join("\n")}\n`);
    const columns = ["--series", "store", "--target", "sold,visits", "--known-ahead", "promotion"];
    const { status, out, err } = await unroll(
      [...TRAIN, "--epochs", "1", "--horizon", "5", "--season", "7", ...columns],
      { cwd },
    );
    assertEquals(status, 0, err);
    assertStringIncludes(err, "the comma is the decimal mark");
    assertStringIncludes(err, "the last 5 rows have nothing to forecast; left out");
    assertStringIncludes(out, "forecast 5 steps of sold, visits");
    assertStringIncludes(out, "best naive MAE");
    const ask = ["predict", "--data", "sales.csv", "--series", "store", "--out", "out.csv"];
    const asked = await unroll(ask, { cwd });
    assertEquals(asked.out, "Saved out.csv: 10 rows.\n", asked.err);
    const [head, first] = (await Deno.readTextFile(`${cwd}/out.csv`)).split("\n");
    assertEquals(
      head,
      "store,day,sold_forecast,sold_lower,sold_upper,visits_forecast,visits_lower,visits_upper",
    );
    assertMatch(first, /^north,2024-02-10,/);
  }));

Deno.test("--test continues the training data, and evaluate prints the same scores as train", () =>
  withSales(async (cwd) => {
    const lines = sales().trim().split("\n");
    await Deno.writeTextFile(`${cwd}/test.csv`, [lines[0], ...lines.slice(85)].join("\n"));
    await Deno.writeTextFile(`${cwd}/sales.csv`, lines.slice(0, 85).join("\n"));
    const apart = jsonOf((await unroll([...QUICK, "--test", "test.csv", "--json"], { cwd })).out);
    await Deno.writeTextFile(`${cwd}/sales.csv`, lines.join("\n"));
    const held = jsonOf((await unroll([...QUICK, "--hold-out", "12", "--json"], { cwd })).out);
    const review = (records: { type: string; methods: unknown }[]) =>
      records.find(({ type }) => type === "review")!.methods;
    assertEquals(review(apart), review(held));
    const evaluated = await unroll(["evaluate", "--data", "sales.csv"], { cwd });
    assertMatch(
      evaluated.out,
      /^(The network beats|A naive forecast beats|The model forecasts as well as)/,
    );
  }));

Deno.test("without a hold-out, train uses all rows, and evaluates a second network", () =>
  withSales(async (cwd) => {
    const { status, out, err } = await unroll([...QUICK, "--seed", "2"], { cwd });
    assertEquals(status, 0, err);
    assertStringIncludes(out, "on 96 rows.");
    assertStringIncludes(out, "All rows were used for training, so none are left");
    assertMatch(out, /^(The network beats|A naive forecast beats|The model forecasts as well as)/m);
    assertStringIncludes(out, "trained without the last 6 rows and evaluated on them.");
  }));

Deno.test("--calendar adds the month of each time as features, in the data and beyond", () =>
  withSales(async (cwd) => {
    const calendar = ["--calendar", "yes"];
    const { status, out, err } = await unroll([...QUICK, ...calendar, "--json"], { cwd });
    assertEquals(status, 0, err);
    const start = jsonOf(out).find(({ type }) => type === "start");
    assertEquals(start.calendar, ["month_sin", "month_cos"]);
    const predicted = await unroll(["predict", "--data", "sales.csv", "--horizon", "8"], { cwd });
    assertEquals(predicted.status, 0, predicted.err);
    const named = await unroll([...QUICK, ...calendar, "--time", "none"], { cwd });
    assertEquals(named.status, 2);
    assertMatch(named.err, /^error: .*the calendar needs times, but there are none/m);
  }));

Deno.test("--from continues training a model, with its columns and horizon", () =>
  withSales(async (cwd) => {
    await unroll(QUICK, { cwd });
    const from = ["train", "--from", "model.safetensors", "--data", "sales.csv", "--epochs", "1"];
    const { status, out, err } = await unroll([...from, "--hold-out", "12"], { cwd });
    assertEquals([status, err], [0, ""]);
    assertStringIncludes(out, "to forecast 6 steps of sold");
    for (const [flag, value] of [["horizon", "7"], ["target", "sold"], ["window", "6"]]) {
      const settled = await unroll([...from, `--${flag}`, value], { cwd });
      assertEquals(settled.status, 2);
      assertStringIncludes(settled.err, `error: --${flag}: is fixed by the model of --from`);
    }
    const folds = await unroll([...from, "--folds", "2"], { cwd });
    assertStringIncludes(folds.err, "error: --folds: trains new models");
  }));

Deno.test("--folds trains on expanding windows, and prints mean and deviation", () =>
  withSales(async (cwd) => {
    const args = [...QUICK, "--folds", "3", "--report", "report.html"];
    const { status, out, err } = await unroll(args, { cwd });
    assertEquals(status, 0, err);
    assertStringIncludes(out, "Backtest: 3 training runs, each evaluated on the next 6 rows.");
    assertMatch(out, /fold 1: 78 training rows; MASE \d\.\d{3}, and \d\.\d{3} for /);
    assertMatch(out, /network +\d\.\d{3} ± \d\.\d{3}/);
    const page = await Deno.readTextFile(`${cwd}/report.html`);
    for (const title of ["Forecasts", "Comparison with naive", "Errors by step", "Backtest"]) {
      assertStringIncludes(page, title);
    }
    assert(!page.includes("NaN"), "no figure is missing");
  }));

Deno.test("a resumed run and a run on two threads end with the same model", () =>
  withSales(async (cwd) => {
    const model = (name: string) => Deno.readFile(`${cwd}/${name}`);
    const args = (out: string, epochs: number, threads: number) => [
      ...[...TRAIN, "--horizon", "6", "--epochs", `${epochs}`, "--dropout", "0.2"],
      ...["--schedule", "constant", "--threads", `${threads}`, "--out", out],
    ];
    await unroll(args("whole.safetensors", 4, 1), { cwd });
    await unroll(args("threads.safetensors", 4, 2), { cwd });
    assertEquals(await model("whole.safetensors"), await model("threads.safetensors"));
    await unroll([...args("half.safetensors", 2, 1), "--checkpoint", "run"], { cwd });
    const resume = ["train", "--resume", "run", "--epochs", "4", "--out", "resumed.safetensors"];
    const resumed = await unroll(resume, { cwd });
    assertEquals(resumed.status, 0, resumed.err);
    assertEquals(await model("resumed.safetensors"), await model("whole.safetensors"));
    const other = await unroll([...resume, "--horizon", "7"], { cwd });
    assertEquals(other.status, 2);
    assertStringIncludes(other.err, "--horizon: is fixed by the checkpoint of --resume as");
  }));

Deno.test("predict --stream forecasts after each line, as for a file of the same values", () =>
  withSales(async (cwd) => {
    await unroll([...QUICK, "--window", "6"], { cwd });
    const values = sales().trim().split("\n").slice(1).map((line) => line.split(",")[1]);
    const input = `${values.join("\n")}\n`;
    const { status, out, err } = await unroll(["predict", "--stream"], { cwd, input });
    assertEquals([status, err], [0, ""]);
    const answers = out.slice(0, -1).split("\n");
    assertEquals(answers.length, MONTHS);
    assertEquals(answers.slice(0, 5), ["", "", "", "", ""]);
    const [, first] = (await unroll(["predict", "--data", "sales.csv"], { cwd })).out.split("\n");
    const expected = first.split(",").slice(1).map(Number);
    for (const [i, value] of answers.at(-1)!.split(",").map(Number).entries()) {
      assert(Math.abs(value - expected[i]) < 1e-3, `${answers.at(-1)} and ${first}`);
    }
    const json = await unroll(["predict", "--stream", "--json", "--horizon", "2"], { cwd, input });
    assertEquals(jsonOf(json.out).at(-1).forecast.sold.length, 2);
    const bad = await unroll(["predict", "--stream"], { cwd, input: "1\nx\n2\n" });
    assertEquals([bad.status, bad.out], [2, "\n\n\n"]);
    assertStringIncludes(bad.err, 'error: standard input:2: "x" is not a number; leave it empty\n');
  }));

const BAD: [what: string, content: string, args: string[], error: RegExp][] = [
  [
    "a target that is not a number",
    sales(([month]) => [month, "many"]),
    [],
    /^error: sales\.csv:1: no column holds numbers: the header has "month", "sold"/,
  ],
  [
    "an invalid number with --strict",
    sales(([month, sold], i) => [month, i === 30 ? "many" : sold]),
    ["--strict"],
    /^error: sales\.csv:32: "sold": "many" is not a number; correct it/,
  ],
  [
    "Infinity with --strict",
    sales(([month, sold], i) => [month, i === 30 ? "Infinity" : sold]),
    ["--strict"],
    /^error: sales\.csv:32: "sold": "Infinity" is not finite/,
  ],
  [
    "a horizon longer than the data",
    sales(),
    ["--horizon", "100"],
    /^error: sales\.csv:2: a horizon of 100 and a window of \d+ need at least \d+ rows/m,
  ],
  [
    "a decreasing time",
    sales(([month, sold], i) => [i === 30 ? "2011-01" : month, sold]),
    [],
    /^error: sales\.csv:32: "month": the time decreases, from 2012-06-01 to 2011-01/,
  ],
  [
    "a repeated time",
    sales(([month, sold], i) => [i === 30 ? "2012-06" : month, sold]),
    [],
    /^error: sales\.csv:32: "month": the time 2012-06-01 already appears in line 31/,
  ],
  [
    "a constant series",
    sales(([month]) => [month, "5"]),
    [],
    /^error: sales\.csv:2: the column "sold" is always 5; there is nothing to forecast/m,
  ],
  ["a single row", "month,sold\n2010-01,5\n", [], /^error: sales\.csv:2: /m],
  ["a header without rows", "month,sold\n", [], /^error: sales\.csv:1: /],
  [
    "a missing column",
    sales(),
    ["--target", "bought"],
    /^error: sales\.csv:1: no column "bought": the header has "month", "sold"; correct the names/,
  ],
  [
    "a hold-out shorter than the horizon",
    sales(),
    ["--hold-out", "6"],
    /^error: --hold-out: must be at least the horizon, 12, got 6/m,
  ],
  [
    "more folds than the rows allow",
    sales(),
    ["--folds", "20"],
    /^error: sales\.csv:2: 20 folds of 12 rows need more than 240 rows, but there are 96/m,
  ],
  [
    "decreasing quantiles",
    sales(),
    ["--quantiles", "0.9,0.1"],
    /^error: --quantiles: expected increasing numbers between 0 and 1/,
  ],
  [
    "a flag of another task",
    sales(),
    ["--embedding", "8"],
    /^error: --embedding: is for --task classification or .*, got forecast/,
  ],
];

for (const [what, content, args, error] of BAD) {
  Deno.test(`train reports ${what} in one clear line, with status 2`, () =>
    withSales(async (cwd) => {
      const { status, err } = await unroll([...TRAIN, "--epochs", "1", ...args], { cwd });
      assertEquals(status, 2, err);
      assertMatch(err, error);
      assertEquals(err.split("\n").filter((line) => line.startsWith("error:")).length, 1);
      assertEquals(await filesIn(cwd), ["sales.csv"]);
    }, content));
}

Deno.test("missing values and steps are filled and reported", () =>
  withSales(async (cwd) => {
    const { status, err } = await unroll(QUICK, { cwd });
    assertEquals(status, 0, err);
    assertStringIncludes(err, '1 value is missing in "sold"');
    assertStringIncludes(err, "1 step is missing: 2011-09");
    assertStringIncludes(err, "1 of 95 rows cannot be read completely");
    assertStringIncludes(err, '  sales.csv:11: "sold": "n.n." is not a number');
  }, sales(([month, sold], i) => [month, i === 9 ? "n.n." : sold]).replace(/^2011-09.*\n/m, "")));

Deno.test("predict and evaluate report the model's columns if the file has others", () =>
  withSales(async (cwd) => {
    await unroll(QUICK, { cwd });
    await Deno.writeTextFile(`${cwd}/other.csv`, sales(undefined, "month,bought"));
    for (const command of ["predict", "evaluate"]) {
      const { status, err } = await unroll([command, "--data", "other.csv"], { cwd });
      assertEquals(status, 2);
      assertEquals(
        err,
        'error: other.csv:1: no column "sold": the header has "month", "bought"; the model reads ' +
          '"sold", so give a file with these\n',
      );
    }
    const text = await unroll(["predict", "hello"], { cwd });
    assertEquals(text.status, 2);
    assertStringIncludes(text.err, 'error: "hello": is a text, but this model forecasts numbers');
    const both = await unroll(["predict", "--data", "sales.csv", "--stream"], { cwd });
    assertStringIncludes(both.err, "error: --stream: reads standard input; leave out --data");
  }));

Deno.test("inspect prints a forecaster's targets, quantiles and segments", () =>
  withSales(async (cwd) => {
    await unroll(QUICK, { cwd });
    const { status, out } = await unroll(["inspect"], { cwd });
    assertEquals(status, 0);
    assertMatch(out, /^targets +sold$/m);
    assertMatch(out, /^quantiles +0\.05, 0\.95$/m);
    assertMatch(out, /^segments +\d+$/m);
    assert(!/^labels/m.test(out), out);
  }));

Deno.test("dates and numbers without --task are refused with a hint at forecasting", () =>
  withSales(async (cwd) => {
    const { status, err } = await unroll(["train", "--data", "sales.csv"], { cwd });
    assertEquals(status, 2);
    assertStringIncludes(err, "; to forecast numbers, give --task forecast --target sold\n");
    const columns = ["--text-column", "month", "--label-column", "sold", "--epochs", "1"];
    const named = await unroll(["train", "--data", "sales.csv", ...columns], { cwd });
    assertStringIncludes(
      named.err,
      "sales.csv: the texts are dates and the labels are numbers; to forecast the numbers, give " +
        "--task forecast --target sold\n",
    );
  }));

Deno.test("--season with several seasons uses the best one", () =>
  withSales(async (cwd) => {
    const { out } = await unroll([...QUICK, "--season", "5,12", "--json"], { cwd });
    assertEquals(jsonOf(out).find(({ type }) => type === "start").season, 12);
    const { status, err } = await unroll([...QUICK, "--season", "5,x"], { cwd });
    assertEquals(status, 2);
    assertStringIncludes(err, '--season: expected a whole number of at least 1, got "x"');
  }));
