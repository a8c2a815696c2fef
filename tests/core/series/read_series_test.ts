/**
 * Series in long and wide layouts, with gaps, out of order, and split at arbitrary positions.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import {
  createSeriesReader,
  InputError,
  Random,
  readSeries,
  type SeriesData,
  type SeriesOptions,
} from "@unroll/core";

const day = (i: number) => `2024-01-${`${i}`.padStart(2, "0")}`;

function refused(content: string, options: SeriesOptions, ...parts: string[]): void {
  const error = assertThrows(() => readSeries(content, { name: "a.csv", ...options }), InputError);
  assertEquals(error.message.split("\n").length, 1);
  for (const part of parts) assertEquals(error.message.includes(part), true, error.message);
}

Deno.test("rows of several series may be mixed, and their lengths differ", () => {
  const content =
    "t,x,y,id,label\n0,1,10,a,up\n0,5,50,b,down\n1,2,20,a,up\n2,3,30,a,up\n1,6,60,b,\n";
  const { series, reading } = readSeries(content, { series: "id", name: "m.csv" });
  assertEquals(series, [
    {
      name: "a",
      where: "m.csv:2",
      columns: ["x", "y"],
      values: [Float64Array.of(1, 2, 3), Float64Array.of(10, 20, 30)],
      label: "up",
    },
    {
      name: "b",
      where: "m.csv:3",
      columns: ["x", "y"],
      values: [Float64Array.of(5, 6), Float64Array.of(50, 60)],
      label: "down",
    },
  ]);
  assertEquals([reading.layout, reading.rows, reading.label], ["long", 5, "label"]);
});

Deno.test("series are the same at any chunk boundary", () => {
  const rows = Array.from({ length: 9 }, (_, i) => `${day(i + 1)};${i},5;${i % 2 ? "ä" : "b"}`);
  const bytes = new TextEncoder().encode(`day;sold;series\n${rows.join("\n")}\n`);
  const whole = readSeries(new TextDecoder().decode(bytes));
  for (const size of [1, 2, 7, 50]) {
    const reader = createSeriesReader();
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    assertEquals(reader.end(), whole);
    assertEquals(reader.rows, 9);
  }
});

Deno.test("JSON Lines are read, with null for missing values", () => {
  const lines = [[1, 4], [2, null], [3, 8]].map(([t, x]) => JSON.stringify({ t, x }));
  const { series: [{ values }] } = readSeries(lines.join("\n"), { name: "a.jsonl" });
  assertEquals(values, [Float64Array.of(4, 6, 8)]);
});

Deno.test("wide rows have their steps in columns t0, t1 and so on, and may end early", () => {
  const header = ["label", ...Array.from({ length: 8 }, (_, i) => `t${i}`)].join();
  const { series, reading } = readSeries(`${header}\nup,1,2,3,4,5,6,7,8\ndown,1,,3,4,5,6,,\n`, {
    name: "w.csv",
  });
  assertEquals(reading.layout, "wide");
  assertEquals(series.map(({ label, where }) => [label, where]), [
    ["up", "w.csv:2"],
    ["down", "w.csv:3"],
  ]);
  assertEquals(series.map(({ values }) => [...values[0]]), [
    [1, 2, 3, 4, 5, 6, 7, 8],
    [1, 2, 3, 4, 5, 6],
  ]);
});

Deno.test("wide rows may have several columns, by the prefixes of their names", () => {
  const names = ["x", "y"].flatMap((name) => [0, 1, 2, 10].map((t) => `${name}_${t}`));
  const { series: [{ columns, values }] } = readSeries(
    `${names},class\n1,2,3,4,5,6,7,8,up\n`,
  );
  assertEquals(columns, ["x", "y"]);
  assertEquals(values, [Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6, 7, 8)]);
});

Deno.test("a table without a header has its labels first, like the UCR archive", () => {
  const row = (label: number, from: number) =>
    [label, ...Array.from({ length: 9 }, (_, i) => (from + i / 10).toFixed(2))].join("\t");
  const { series } = readSeries([row(1, 0), row(2, 1), row(1, 2), row(2, 3)].join("\n"), {
    name: "Gun_TRAIN.tsv",
  });
  assertEquals(series.map(({ label }) => label), ["1", "2", "1", "2"]);
  assertEquals(series[1].values[0][0], 1);
});

Deno.test("missing steps are reported and filled by linear interpolation", () => {
  const rows = [1, 2, 5, 6, 7].map((i) => `${day(i)},${10 * i}`);
  const { series: [{ values, time }], reading } = readSeries(`day,sold\n${rows.join("\n")}\n`);
  assertEquals([...values[0]], [10, 20, 30, 40, 50, 60, 70]);
  assertEquals(new Date(time![2]).toISOString().slice(0, 10), day(3));
  assertEquals(reading.notes, [
    "2 steps are missing: 2024-01-03, 2024-01-04; filled by linear interpolation.",
  ]);
});

Deno.test("the first ten of many missing steps are reported", () => {
  const rows = [...Array(40).keys()].filter((i) => i < 10 || i > 22).map((i) => `${i},${i}`);
  const { reading } = readSeries(`t,x\n${rows.join("\n")}\n`);
  assertMatch(reading.notes[0], /^13 steps are missing: 10, 11, .*, 19 and more; filled/);
});

Deno.test("missing months are filled, whatever their lengths", () => {
  const content = "Date,x\n1949-01,1\n1949-02,2\n1949-04,4\n1949-05,5\n";
  const { series: [{ time, values }] } = readSeries(content);
  assertEquals([...values[0]], [1, 2, 3, 4, 5]);
  assertEquals(new Date(time![2]).toISOString().slice(0, 10), "1949-03-01");
});

Deno.test("a gap that is too long is refused with its position", () => {
  const rows = [0, 1, 2, 200, 201, 202].map((i) => `${i},${i}`);
  const content = `t,x\n${rows.join("\n")}\n`;
  const missing = "a.csv:4: 197 steps are missing after 2, more than the limit of 100";
  refused(content, {}, missing, "--max-gap");
  assertEquals(readSeries(content, { maxGap: 197 }).series[0].values[0].length, 203);
  const empty = Array.from({ length: 8 }, (_, i) => `${i},${i > 2 && i < 6 ? "" : i}`);
  refused(`t,x\n${empty.join("\n")}\n`, { maxGap: 2 }, 'a.csv:5: 3 values of "x" are missing');
});

Deno.test("business days are not evenly spaced, and are not filled", () => {
  const rows = [1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 15, 16, 17, 18, 19].map((i) => `${day(i)},${i}`);
  const { series: [{ values }], reading } = readSeries(`day,x\n${rows.join("\n")}\n`);
  assertEquals(values[0].length, 15);
  assertEquals(reading.step?.isIrregular, true);
  assertMatch(reading.notes[0], /not evenly spaced/);
});

Deno.test("decreasing or repeated times are refused in one line", () => {
  const back = [1, 2, 4, 3, 5].map((i) => `${day(i)},${i}`);
  refused(
    `day,x\n${back.join("\n")}\n`,
    {},
    'a.csv:5: "day": the time decreases, from 2024-01-04 to 2024-01-03; sort the rows',
    "--series",
  );
  const again = [1, 2, 2, 3].map((i) => `${day(i)},${i}`);
  refused(`day,x\n${again.join("\n")}\n`, {}, "2024-01-02 already appears in line 3");
  refused("t,x,series\n0,1,a\n0,2,a\n", {}, 'the time 0 in the series "a" already appears');
});

Deno.test("rows with the newest first are reversed, which is reported", () => {
  const rows = [5, 4, 3, 2, 1].map((i) => `${day(i)},${i}`);
  const { series: [{ values }], reading } = readSeries(`day,x\n${rows.join("\n")}\n`);
  assertEquals([...values[0]], [1, 2, 3, 4, 5]);
  assertMatch(reading.notes[0], /newest rows come first/);
});

Deno.test("a series with two labels is refused", () => {
  refused(
    "t,x,series,label\n0,1,a,up\n1,2,a,down\n",
    {},
    'a.csv:3: the series "a" has two labels in "label", "up" and "down"',
  );
  refused("t,x,label\n0,1,up\n1,2,down\n", {}, "the rows have two labels", "--series");
});

Deno.test("a column without any number, and an empty file, are refused", () => {
  refused("t,x,y\n0,1,\n1,2,\n", { columns: ["y"] }, 'the column "y" has no numbers');
  refused("", {}, "a.csv:1: no content");
  refused("t,x\n", {}, "a.csv:1:");
  refused("t,x\n0,1\n", { columns: ["z"] }, 'no column "z"', '"t", "x"');
  refused("t,x\n0,1\n", { series: "shop" }, 'no column "shop"');
  const lines = '{"t": 1, "x": 2}\n{"t": 2, "x": 3}\n';
  refused(lines, { format: "jsonl", time: "date" }, 'no key "date" for the time', '"t", "x"');
  refused(lines, { format: "jsonl", columns: ["z"], layout: "wide" }, 'no key "z"');
});

Deno.test("months from 1 to 12 are a column of numbers, not times", () => {
  const rows = Array.from({ length: 24 }, (_, i) => `${i % 12 + 1},${i}`);
  const { series: [{ columns, time }], reading } = readSeries(`month,sold\n${rows.join("\n")}\n`);
  assertEquals([columns, time, reading.time], [["month", "sold"], undefined, undefined]);
});

Deno.test("series of random tables are complete and in order, or refused in one line", () => {
  const cells = [
    ...["1", "-2.5", "1,234", "1.234,5", "NA", "", "inf", "1e999", "abc", "12%", '"', "0x10", "−3"],
    ...["2024-01-01", "01/02/2024", "31.12.2024", "1949-01", "1706706000", "9999-12-31", "{}"],
    ...["0001-01-01", "275760-09-13", "2024-01-01T25:00", "2024-13-01", "1/1/99", "1 234,5"],
  ];
  const names = ["date", "time", "x", "t0", "t1", "label", "series", "t", "year", "class", "", "y"];
  let read = 0;
  for (let seed = 1; seed <= 600; seed++) {
    const random = new Random(seed);
    const below = (count: number) => Math.floor(random.uniform() * count);
    const pick = <T>(items: readonly T[]): T => items[below(items.length)];
    const kinds = Array.from({ length: 1 + below(4) }, () => below(4)), fixed = pick(cells);
    const cellOf = (kind: number, i: number) =>
      [`${1.5 * i}`, day(i + 1), fixed, pick(cells)][kind];
    const rows = Array.from(
      { length: below(12) },
      (_, i) => kinds.map((kind) => cellOf(kind, i)).join(";"),
    );
    const content = [kinds.map(() => pick(names)).join(";"), ...rows].join("\n");
    const options = pick<SeriesOptions>([{}, {}, { layout: "wide" }, { time: "x" }, {
      label: null,
    }]);
    try {
      for (const { columns, values, time } of readSeries(content, options).series) {
        read++;
        assertEquals(columns.length, values.length);
        for (const each of values) {
          assertEquals(each.length, values[0].length);
          assert(each.every(Number.isFinite));
        }
        assert(time?.every((each, i) => i === 0 || each > time[i - 1]) ?? true);
      }
    } catch (error) {
      assert(error instanceof InputError, `${seed}: ${error}`);
      assert(!error.message.includes("\n"));
    }
  }
  assert(read > 100, `${read} series were read`);
});

Deno.test("one row is a series of one step", () => {
  const { series: [{ values }], reading } = readSeries("day,x\n2024-01-01,5\n");
  assertEquals([[...values[0]], reading.step], [[5], undefined]);
});

Deno.test("rows with another number of fields are reported and skipped", () => {
  const problems: number[] = [];
  const { series: [{ values }] }: SeriesData = readSeries("t,x\n0,1\n1\n2,3\n3,4\n", {
    onProblem: ({ line }) => problems.push(line),
  });
  assertEquals([[...values[0]], problems], [[1, 2, 3, 4], [3]]);
});

Deno.test("an unknown option is refused", () => {
  assertThrows(
    () => readSeries("t,x\n0,1\n", { colums: ["x"] } as SeriesOptions),
    InputError,
    'did you mean "columns"?',
  );
});
