// Typical user files for tasks on numbers: each is used, with a message about what was detected,
// filled or skipped; or refused in one line with the file, the line, the value and what to do.
import { assertEquals, assertMatch } from "@std/assert";
import { inFolder, unroll } from "./helpers.ts";

const DAYS = Array.from(
  { length: 40 },
  (_, t) => new Date(Date.UTC(2024, 0, 1 + t)).toISOString().slice(0, 10),
);
const SOLD = DAYS.map((_, t) => (50 + 10 * Math.sin(t * Math.PI / 3) + t / 10).toFixed(2));

/** Returns a table with these columns. */
function table(columns: Record<string, readonly string[]>, separator = ","): string {
  const cell = (text: string) => text.includes(separator) ? `"${text}"` : text;
  const rows = Object.values(columns)[0].map((_, i) => Object.values(columns).map((c) => c[i]));
  return [Object.keys(columns), ...rows].map((row) => `${row.map(cell).join(separator)}\n`).join(
    "",
  );
}

const sold = (values: readonly string[], date: readonly string[] = DAYS) =>
  table({ date: date.slice(0, values.length), sold: values });
const with_ = (at: number, value: string) => SOLD.with(at, value);

/** Returns waves of two classes: one row per step, and one row per series. */
function waves(label: (i: number) => string, at = (_: number, __: number, value: string) => value) {
  const numbers = Array.from(
    { length: 8 },
    (_, i) => Array.from({ length: 10 }, (_, t) => at(i, t, Math.sin(t / (2 + i % 2)).toFixed(3))),
  );
  const long = numbers.flatMap((row, i) => row.map((x, t) => [`${i}`, `${t}`, x, label(i)]));
  const steps = numbers[0].map((_, t) => `t${t}`);
  return {
    long: [["id", "tick", "x", "label"], ...long].map((row) => `${row}\n`).join(""),
    wide: [["label", ...steps], ...numbers.map((row, i) => [label(i), ...row])]
      .map((row) => `${row}\n`).join(""),
  };
}
const kind = (i: number) => i % 2 ? "slow" : "fast";

/** Returns 16 texts with labels. */
function texts(label: (i: number) => string): string {
  const words = ["good", "bad", "fine", "poor", "great", "awful", "nice", "sad"];
  const some = Array.from({ length: 16 }, (_, i) => `${words[i % 8]} ${words[(3 * i + 1) % 8]}`);
  return table({ text: some, label: some.map((_, i) => label(i)) });
}
const topics = (i: number) => ["sport", "art"].filter((_, k) => i >> k & 1).join(";");

const TINY = ["--epochs", "1", "--hidden", "4"];
const FORECAST = ["--task", "forecast", "--target", "sold", "--horizon", "3", "--window", "9"];
const CLASSES = ["--task", "series-classification"], NUMBERS = ["--task", "regression"];
const BY_ID = ["--series", "id", "--time", "tick"];

/** The file, the arguments, the status, and the message on standard error or output. */
type Case = [what: string, content: string, args: string[], status: 0 | 2, said: RegExp];

const TRAINED: Case[] = [
  [
    "a word among numbers",
    sold(with_(7, "many")),
    FORECAST,
    0,
    /q\.csv:9: "sold": "many" is not a number; correct it/,
  ],
  [
    "Infinity",
    sold(with_(7, "Infinity")),
    FORECAST,
    0,
    /q\.csv:9: "sold": "Infinity" is not finite; leave/,
  ],
  [
    "a number that is too large",
    sold(with_(7, "1e400")),
    FORECAST,
    0,
    /q\.csv:9: "sold": "1e400" is not finite/,
  ],
  [
    "a spreadsheet error",
    sold(with_(7, "#DIV/0!")),
    FORECAST,
    0,
    /"#DIV\/0!" is not a number/,
  ],
  [
    "an empty cell",
    sold(with_(7, "")),
    FORECAST,
    0,
    /1 value is missing in "sold"; filled by linear/,
  ],
  [
    "an empty last cell",
    sold(with_(39, "")),
    FORECAST,
    0,
    /the last row has nothing to forecast; left out/,
  ],
  [
    "a word among numbers with --strict",
    sold(with_(7, "many")),
    [...FORECAST, "--strict"],
    2,
    /error: q\.csv:9: "sold": "many" is not a number/,
  ],
  [
    "numbers with a currency sign",
    sold(SOLD.map((v) => `$${v}`)),
    FORECAST,
    0,
    /In "sold" the sign "\$" is ignored/,
  ],
  [
    "numbers with a unit",
    sold(SOLD.map((v) => `${v} kWh`)),
    FORECAST,
    2,
    /error: q\.csv:1: "sold" does not hold numbers, .* without anything else, such as 50\.00/,
  ],
  [
    "words instead of numbers",
    sold(SOLD.map(() => "many")),
    FORECAST,
    2,
    /error: q\.csv:1: "sold" does not hold numbers, for example "many"/,
  ],
  [
    "decimal commas",
    table({ date: DAYS, sold: SOLD.map((v) => v.replace(".", ",")) }, ";"),
    FORECAST,
    0,
    /CSV with semicolons.*\n.*"sold": the comma is the decimal mark/,
  ],
  [
    "a total row at the end",
    `${sold(SOLD)}Total,2000\n`,
    FORECAST,
    0,
    /left out 1 of 41 rows.*\n.*q\.csv:42: "date": "Total" is not a time/,
  ],
  [
    "a row that is too short",
    sold(SOLD).replace(/,50\.\d+/, ""),
    FORECAST,
    0,
    /left out 1 of 40 rows.*\n.*q\.csv:2: 1 field where the header has 2/,
  ],
  [
    "an invalid date",
    sold(SOLD, DAYS.with(30, "2024-02-31")),
    FORECAST,
    0,
    /left out 1 of 40 rows/,
  ],
  [
    "decreasing dates",
    sold(SOLD, DAYS.with(30, DAYS[5])),
    FORECAST,
    2,
    /error: q\.csv:32: "date": the time decreases, from 2024-01-30 to 2024-01-06; sort/,
  ],
  [
    "a repeated date",
    sold(SOLD, DAYS.with(30, DAYS[29])),
    FORECAST,
    2,
    /error: q\.csv:32: "date": the time 2024-01-30 already appears in line 31; leave one/,
  ],
  [
    "rows with the newest first",
    sold(SOLD, DAYS.toReversed()),
    FORECAST,
    0,
    /The newest rows come first; their order was reversed/,
  ],
  [
    "ambiguous days and months",
    sold(SOLD.slice(0, 4), ["01/02/2024", "03/02/2024", "04/05/2024", "07/08/2024"]),
    [...FORECAST.slice(0, 4), "--horizon", "1", "--window", "2"],
    0,
    /could be month\/day\/year or day\/month\/year; read as month\/day\/year\. Use --day-first yes/,
  ],
  [
    "times that are words",
    sold(SOLD, DAYS.map((_, i) => `week ${i}`)),
    FORECAST,
    0,
    /Rows are read as steps without times: "date" does not hold readable times.* example "week 0"/,
  ],
  [
    "missing days",
    sold([...SOLD.slice(0, 9), ...SOLD.slice(12)], [...DAYS.slice(0, 9), ...DAYS.slice(12)]),
    FORECAST,
    0,
    /3 steps are missing: 2024-01-10, 2024-01-11, 2024-01-12; filled/,
  ],
  [
    "one row",
    sold(SOLD.slice(0, 1)),
    FORECAST,
    2,
    /error: q\.csv:2: one row is not a series; give one row per time step/,
  ],
  [
    "a header without rows",
    sold([]),
    FORECAST,
    2,
    /error: q\.csv:1: no rows below the header; add some/,
  ],
  [
    "an empty file",
    "",
    FORECAST,
    2,
    /error: q\.csv:1: no content; expected a header such as time,value, and rows below it/,
  ],
  [
    "a constant column",
    sold(SOLD.map(() => "5")),
    FORECAST,
    2,
    /error: q\.csv:2: the column "sold" is always 5; there is nothing to forecast/,
  ],
  [
    "fewer rows than a window plus a horizon",
    sold(SOLD.slice(0, 8)),
    FORECAST,
    2,
    /error: q\.csv:2: a horizon of 3 and a window of 9 need at least 12 rows, but there are 8/,
  ],
  [
    "a repeated column name",
    sold(SOLD).replace("date", "sold"),
    FORECAST,
    2,
    /error: q\.csv:1: two columns are named "sold"; rename one/,
  ],
  [
    "a column name in another case",
    sold(SOLD).replace("sold", "Sold"),
    FORECAST,
    2,
    /error: q\.csv:1: no column "sold": the header has "date", "Sold"; correct the names/,
  ],
  [
    "a feature that ends early",
    table({ date: DAYS, sold: SOLD, heat: SOLD.with(39, "") }),
    [...FORECAST, "--features", "heat"],
    0,
    /the last number of "heat" is missing; filled with the last known value, /,
  ],
  [
    "a short series among others",
    table({ shop: [...DAYS.map(() => "a"), "b"], date: [...DAYS, DAYS[0]], sold: [...SOLD, "5"] }),
    [...FORECAST, "--series", "shop"],
    0,
    /1 of 2 series has fewer than 12 rows, a window plus a horizon, and is not trained on: b/,
  ],
  [
    "several series without --series",
    table({ shop: ["a", "b"], date: [DAYS[0], DAYS[0]], sold: ["5", "6"] }),
    FORECAST,
    2,
    /already appears in line 2; leave one of them out, or name the column .*--series/,
  ],

  [
    "series to classify without --series",
    waves(kind).long,
    CLASSES,
    2,
    /error: q\.csv:12: the rows have two labels in "label", "fast" and "slow"; name the column/,
  ],
  [
    "a word in a series",
    waves(kind, (i, t, v) => i + t ? v : "x").long,
    [...CLASSES, ...BY_ID],
    0,
    /1 of 80 rows cannot be read completely.*\n.*q\.csv:2: "x": "x" is not a number/,
  ],
  [
    "a series without a label",
    waves((i) => i === 3 ? "" : kind(i)).long,
    [...CLASSES, ...BY_ID],
    2,
    /error: q\.csv:32: the series "3" has no label in "label"; give it one, or remove it/,
  ],
  [
    "series without labels",
    waves(() => "").long,
    [...CLASSES, ...BY_ID],
    2,
    /error: q\.csv:2: the column "label" has no labels; fill it in, or name/,
  ],
  [
    "series with a single label",
    waves(() => "up").long,
    [...CLASSES, ...BY_ID],
    2,
    /error: q\.csv: every series has the label "up"; a classifier needs at least two/,
  ],
  [
    "constant series",
    waves(kind, () => "1").long,
    [...CLASSES, ...BY_ID],
    2,
    /error: q\.csv: all series are constant, such as "x" at 1; give columns/,
  ],
  [
    "a label in a single row",
    waves(kind).wide.replace("fast", "rare"),
    CLASSES,
    0,
    /one series per row, labels in "label"[^]*into 3 labels/,
  ],
  [
    "a row without a label",
    waves((i) => i === 3 ? "" : kind(i)).wide,
    CLASSES,
    0,
    /left out 1 of 8 rows.*\n.*q\.csv:5: no label in "label"; give it one/,
  ],
  [
    "rows of different lengths",
    waves(kind, (i, t, v) => t > 4 + i % 3 ? "" : v).wide,
    CLASSES,
    0,
    /on 8 series/,
  ],
  [
    "an infinite value in a row",
    waves(kind, (i, t, v) => i + t ? v : "inf").wide,
    CLASSES,
    0,
    /q\.csv:2: "t0": "inf" is not finite; leave the field empty/,
  ],

  [
    "a word as a label",
    texts((i) => i ? `${i}` : "five"),
    NUMBERS,
    0,
    /left out 1 of 16 rows.*\n.*q\.csv:2: the label "five" is not a number/,
  ],
  [
    "labels with a unit",
    texts((i) => `${i} stars`),
    NUMBERS,
    2,
    /error: q\.csv:2: the label "0 stars" is not a number; write it like 3\.5/,
  ],
  [
    "labels in percent",
    texts((i) => `${i}%`),
    NUMBERS,
    2,
    /error: q\.csv:2: the label "0%" is not a number/,
  ],
  [
    "labels with a thousands separator",
    texts((i) => `1,${100 + i}`),
    NUMBERS,
    2,
    /error: q\.csv:2: the label "1,100" may be 1\.100 or 1100; write it without a comma/,
  ],
  [
    "an infinite label",
    texts((i) => i ? `${i}` : "1e999"),
    NUMBERS,
    0,
    /q\.csv:2: the label "1e999" is not a number/,
  ],
  [
    "equal labels",
    texts(() => "3"),
    NUMBERS,
    2,
    /error: q\.csv: every example has the number 3; give examples with different/,
  ],
  [
    "a missing label column",
    texts(String),
    [...NUMBERS, "--label-column", "stars"],
    2,
    /error: q\.csv:1: no column "stars": the header has "text", "label"; name yours with --label-column/,
  ],
  [
    "a series with a word as its label",
    waves((i) => i ? `${i}` : "x").long,
    [...NUMBERS, ...BY_ID],
    2,
    /error: q\.csv:2: the label "x" is not a number; write it like 3\.5/,
  ],

  [
    "texts without labels",
    texts(() => ""),
    ["--multi-label", ";"],
    2,
    /error: q\.csv: no example has a label; name the label column/,
  ],
  [
    "repeated and empty labels",
    texts((i) => `${topics(i)};; sport;sport`),
    ["--multi-label", ";"],
    0,
    /, 2 labels, any number/,
  ],
  [
    "labels that differ in case",
    texts((i) => i % 2 ? topics(i) : topics(i).toUpperCase()),
    ["--multi-label", ";"],
    0,
    /labels that look alike: .*use one spelling/,
  ],
  [
    "another label separator",
    texts((i) => topics(i).replace(";", "|")),
    ["--multi-label", ";"],
    0,
    /no label contains ";".*labels contain "\|"; if that is the separator, give --multi-label "\|"/,
  ],
];

for (const [what, content, args, status, said] of TRAINED) {
  Deno.test(`training on ${what} ends with status ${status} and a message`, () =>
    inFolder(async (cwd) => {
      await Deno.writeTextFile(`${cwd}/q.csv`, content);
      checkEnd(await unroll(["train", "--data", "q.csv", ...args, ...TINY], { cwd }), status, said);
    }));
}

function checkEnd(
  { status: found, out, err }: { status: number; out: string; err: string },
  status: number,
  said: RegExp,
): void {
  assertEquals(found, status, err + out);
  assertMatch(err + out, said);
  if (status === 2) assertEquals(err.match(/^error: /gm)?.length, 1, err);
}

const rows = { date: DAYS, sold: SOLD, heat: SOLD.toReversed() };
const hours = DAYS.map((_, t) => new Date(Date.UTC(2024, 0, 1, t)).toISOString());
const unlabeled = waves(kind).long.split("\n").map((line) => line.split(",").slice(0, 3)).join(
  "\n",
);

// Files for a forecaster with the feature "heat", one of several shops, and two classifiers.
const ASKED: [...Case, model: "days" | "shops" | "long" | "wide"][] = [
  [
    "other columns",
    table({ date: DAYS, profit: SOLD }),
    [],
    2,
    /error: q\.csv:1: no column "sold": the header has "date", "profit"; the model reads "sold", "heat"/,
    "days",
  ],
  [
    "a missing column",
    sold(SOLD),
    [],
    2,
    /error: q\.csv:1: no column "heat": .*the model reads "sold", "heat", so give/,
    "days",
  ],
  [
    "columns in another order, and another column",
    table({ x: DAYS.map(() => "a"), heat: rows.heat, sold: SOLD, date: DAYS }),
    [],
    0,
    /2024-02-10,/,
    "days",
  ],
  [
    "fewer rows than the window",
    table(rows).split("\n").slice(0, 6).join("\n"),
    [],
    2,
    /error: q\.csv:2: the model reads the last 9 rows, but there are 5; give more/,
    "days",
  ],
  [
    "times with another step",
    table({ ...rows, date: hours }),
    [],
    0,
    /warning: q\.csv: its times are 1 hour apart, but 1 day in training/,
    "days",
  ],
  [
    "a feature that ends early",
    table({ ...rows, heat: rows.heat.with(39, "") }),
    [],
    0,
    /the last number of "heat" is missing; filled/,
    "days",
  ],
  [
    "a repeated date",
    table({ ...rows, date: DAYS.with(9, DAYS[8]) }),
    [],
    2,
    /error: q\.csv:11: "date": the time 2024-01-09 already appears in line 10/,
    "days",
  ],
  [
    "shops in a column as in training",
    table({ shop: DAYS.map(() => "a"), when: DAYS, sold: SOLD }),
    [],
    0,
    /As in training: series names in "shop"/,
    "shops",
  ],
  [
    "shops in a column given by a flag",
    table({ store: DAYS.map(() => "a"), when: DAYS, sold: SOLD }),
    ["--series", "store"],
    0,
    /store,when,forecast,lower,upper\na,2024-02-10/,
    "shops",
  ],
  [
    "series in a column as in training",
    unlabeled,
    [],
    0,
    /As in training: series names in "id", times in "tick"\.\nid,label,probability\n0,/,
    "long",
  ],
  [
    "series with empty labels",
    waves(() => "").long,
    [],
    0,
    /id,label,probability\n0,/,
    "long",
  ],
  [
    "one row per series, without labels",
    waves(() => "").wide,
    [],
    0,
    /series,label,probability\n1,/,
    "wide",
  ],
  [
    "one row per step for a model of one row per series",
    waves(kind).long,
    [],
    2,
    /error: q\.csv:1: no step columns: .*one step per row \(--layout long\)/,
    "wide",
  ],
  [
    "another column of numbers",
    unlabeled.replace("x", "y"),
    [],
    2,
    /no column "x" of numbers, only "y"; the model reads "x"/,
    "long",
  ],
];

Deno.test("predict on other files ends with a status and a message", () =>
  inFolder(async (cwd) => {
    const shops = { shop: [...DAYS.map(() => "a"), ...DAYS.map(() => "b")] };
    const twice = { when: [...DAYS, ...DAYS], sold: [...SOLD, ...SOLD.toReversed()] };
    const models: Record<string, [content: string, args: string[]]> = {
      days: [table(rows), [...FORECAST, "--features", "heat"]],
      shops: [table({ ...shops, ...twice }), [...FORECAST, "--series", "shop", "--time", "when"]],
      long: [waves(kind).long, [...CLASSES, ...BY_ID]],
      wide: [waves(kind).wide, CLASSES],
    };
    for (const [name, [content, args]] of Object.entries(models)) {
      await Deno.writeTextFile(`${cwd}/${name}.csv`, content);
      const out = ["--out", `${name}.safetensors`];
      const trained = await unroll(["train", "--data", `${name}.csv`, ...args, ...TINY, ...out], {
        cwd,
      });
      assertEquals(trained.status, 0, trained.err);
    }
    for (const [, content, args, status, said, model] of ASKED) {
      await Deno.writeTextFile(`${cwd}/q.csv`, content);
      const ask = ["predict", "--model", `${model}.safetensors`, "--data", "q.csv", ...args];
      checkEnd(await unroll(ask, { cwd }), status, said);
    }
    // evaluate also uses the columns of training.
    for (const name of Object.keys(models)) {
      const ask = ["evaluate", "--model", `${name}.safetensors`, "--data", `${name}.csv`];
      const { status, err } = await unroll(ask, { cwd });
      assertEquals(status, 0, err);
    }
  }));

Deno.test("inspect --gradients reports which models it supports", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/q.csv`, sold(SOLD));
    await unroll(["train", "--data", "q.csv", ...FORECAST, ...TINY], { cwd });
    checkEnd(
      await unroll(["inspect", "--gradients", "--data", "q.csv"], { cwd }),
      2,
      /error: model\.safetensors: is a model for forecast, but --gradients .* leave it out to see the weights/,
    );
  }));

Deno.test("a model with known-ahead columns refuses a stream in one line", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/q.csv`, table(rows));
    await unroll(["train", "--data", "q.csv", ...FORECAST, "--known-ahead", "heat", ...TINY], {
      cwd,
    });
    checkEnd(
      await unroll(["predict", "--stream"], { cwd, input: "5,6\n" }),
      2,
      /error: --stream: the model reads future values of "heat", which a stream lacks; give --data FILE/,
    );
  }));

Deno.test("predict --stream reads the time of each line for a model with a calendar", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/q.csv`, sold(SOLD));
    const run = ["train", "--data", "q.csv", ...FORECAST, ...TINY, "--calendar", "yes"];
    assertEquals((await unroll(run, { cwd })).status, 0);
    const input = sold(SOLD).split("\n").slice(1).join("\n");
    const { status, out, err } = await unroll(["predict", "--stream"], { cwd, input });
    assertEquals(status, 0, err);
    const filed = await unroll(["predict", "--data", "q.csv"], { cwd });
    const [, , first] = filed.out.split("\n").toReversed().at(-2)!.match(/^(2024-02-10),([^,]+)/)!;
    assertEquals(out.split("\n").length, DAYS.length + 1);
    const [forecast] = out.trimEnd().split("\n").at(-1)!.split(",");
    assertEquals(Number(forecast).toPrecision(5), Number(first).toPrecision(5));
    const bad: [line: string, said: RegExp][] = [
      ["5", /standard input:1: "5" has 1 value, but the model reads "time", "sold"/],
      ["soon,5", /standard input:1: "soon" is not a time such as 2024-01-31 13:00; start each/],
      ["2024-01-02,5\n2024-01-02,6", /standard input:2: the time "2024-01-02" is not later/],
    ];
    for (const [input, said] of bad) {
      const asked = await unroll(["predict", "--stream"], { cwd, input: `${input}\n` });
      assertEquals(asked.status, 2);
      assertMatch(asked.err, said);
    }
  }));
