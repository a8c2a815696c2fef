// Files written by other programs: how each is read, and its notes or its one-line error.
import {
  formatTime,
  InputError,
  readSeries,
  type SeriesOptions,
  type SeriesProblem,
} from "@unroll/core";
import { assertEquals, assertMatch, assertThrows } from "@std/assert";

/** Returns a table of times and values as CSV. */
function table(times: string[], values: string[], header = "date,sold"): string {
  const cell = (text: string) => text.includes(",") ? `"${text}"` : text;
  const rows = times.map((time, i) => `${cell(time)},${cell(values[i])}`);
  return [header, ...rows, ""].join("\n");
}

const VALUES = ["5", "6", "8", "7", "9"];
const DAYS = [1, 2, 3, 4, 5].map((day) => `2024-01-0${day}`);

// The first times of a column, and how they are read.
const TIMES: [what: string, times: string[], first: string, second: string][] = [
  ["days", DAYS, "2024-01-01", "2024-01-02"],
  ["dates with slashes, the year first", ["2024/1/31", "2024/2/1"], "2024-01-31", "2024-02-01"],
  ["dates with dots, the year first", ["2024.01.31", "2024.02.01"], "2024-01-31", "2024-02-01"],
  ["dates with dots", ["31.01.2024", "1.2.2024"], "2024-01-31", "2024-02-01"],
  ["American dates", ["01/31/2024", "02/01/2024"], "2024-01-31", "2024-02-01"],
  ["European dates", ["31/01/2024", "01/02/2024"], "2024-01-31", "2024-02-01"],
  ["dates without separators", ["20240131", "20240201"], "2024-01-31", "2024-02-01"],
  ["months without separators", ["202412", "202501"], "2024-12-01", "2025-01-01"],
  ["month names", ["31-Jan-2024", "1-Feb-2024"], "2024-01-31", "2024-02-01"],
  ["month names and two-digit years", ["31-Jan-24", "01-Feb-24"], "2024-01-31", "2024-02-01"],
  ["full month names", ["31 January 2024", "1 February 2024"], "2024-01-31", "2024-02-01"],
  ["month names first", ["January 31, 2024", "Feb 1, 2024"], "2024-01-31", "2024-02-01"],
  ["weekdays", ["Wed, 31 Jan 2024", "Thu, 1 Feb 2024"], "2024-01-31", "2024-02-01"],
  [
    "month names and times of day",
    ["31 Jan 2024 13:00", "31 Jan 2024 14:00"],
    "2024-01-31 13:00",
    "2024-01-31 14:00",
  ],
  ["month names and years without days", ["Dec 2024", "Jan 2025"], "2024-12-01", "2025-01-01"],
  ["quarters", ["2024Q4", "2025Q1"], "2024-10-01", "2025-01-01"],
  ["quarters with a separator", ["Q4 2024", "Q1-2025"], "2024-10-01", "2025-01-01"],
  ["weeks", ["2020-W53", "2021-W01"], "2020-12-28", "2021-01-04"],
  ["weekdays of ISO weeks", ["2024-W01-7", "2024-W02-1"], "2024-01-07", "2024-01-08"],
  ["months", ["2024-12", "2025-01"], "2024-12-01", "2025-01-01"],
  ["years", ["1999", "2000"], "1999-01-01", "2000-01-01"],
  [
    "time zones",
    ["2024-01-01T00:00:00+02:00", "2024-01-01T00:00:00Z"],
    "2023-12-31 22:00",
    "2024-01-01",
  ],
  [
    "AM and PM",
    ["1/31/2024 12:30 AM", "1/31/2024 1:30 PM"],
    "2024-01-31 00:30",
    "2024-01-31 13:30",
  ],
  ["Unix seconds", ["1706745600", "1706749200"], "2024-02-01", "2024-02-01 01:00"],
  ["Unix milliseconds", ["1706745600000", "1706749200000"], "2024-02-01", "2024-02-01 01:00"],
  ["Unix microseconds", ["1706745600000000", "1706749200000000"], "2024-02-01", "2024-02-01 01:00"],
  [
    "Unix nanoseconds",
    ["1706745600000000000", "1706749200000000000"],
    "2024-02-01",
    "2024-02-01 01:00",
  ],
];

for (const [what, times, ...expected] of TIMES) {
  Deno.test(`times are read: ${what}`, () => {
    const { series: [{ time }], reading } = readSeries(table(times, VALUES));
    assertEquals(reading.time?.column, "date");
    assertEquals(Array.from(time!.subarray(0, 2), formatTime), expected);
    assertEquals(reading.notes, []);
  });
}

// Cells of the column, the value of the first, and the notes.
const NUMBERS: [what: string, cells: string[], first: number, said: RegExp[]][] = [
  ["currency before", ["$1,200.50", "$7"], 1200.5, [
    /the sign "\$" is ignored: "\$1,200.50" is read as 1200.5\.$/,
  ]],
  ["currency after", ["12,5 €", "7,25 €"], 12.5, [
    /comma is the decimal mark/,
    /the sign "€" is ignored/,
  ]],
  ["a minus and a currency", ["-£5", "£7"], -5, [/the sign "£" is ignored/]],
  ["percent", ["12%", "7 %"], 12, [/the sign "%" is ignored: "12%" is read as 12\.$/]],
  ["percent in some cells", ["12%", "7"], 12, [
    /is read as 12, and numbers without it are unchanged\.$/,
  ]],
  ["thousands", ["1,234", "5,678"], 1234, [/the comma separates thousands; use --decimal , if/]],
  ["thousands with spaces", ["1 234,5", "5 678,25"], 1234.5, [/comma is the decimal mark/]],
  ["thousands with apostrophes", ["1'234.5", "5'678.2"], 1234.5, []],
  ["a Unicode minus sign", ["\u22125", "6"], -5, []],
  ["exponents", ["1.5e3", "2E2"], 1500, []],
  ["missing", ["5", "N/A"], 5, [/^1 value is missing in "sold"; filled by linear/]],
  ["a dash for missing", ["5", "-"], 5, [/^1 value is missing/]],
  ["null", ["5", "null"], 5, [/^1 value is missing/]],
];

for (const [what, cells, first, said] of NUMBERS) {
  Deno.test(`numbers are read: ${what}`, () => {
    const { series: [{ values }], reading } = readSeries(table(DAYS.slice(0, cells.length), cells));
    assertEquals(values[0][0], first);
    assertEquals(reading.notes.length, said.length, reading.notes.join("\n"));
    for (const [i, each] of said.entries()) assertMatch(reading.notes[i], each);
  });
}

// A column named like times, whose values are unreadable or do not increase.
const UNREAD: [what: string, content: string, said: string][] = [
  [
    "words",
    table(["first", "second"], VALUES),
    '"date" does not hold readable times, for example "first"',
  ],
  ["times of day without dates", table(["10:00", "11:00"], VALUES), 'for example "10:00"'],
  ["empty cells", table(["", ""], VALUES), '"date" is empty'],
  [
    "years and months in separate columns",
    "year,month,sold\n2024,11,1\n2024,12,2\n2025,1,4\n",
    '"year" does not increase from row to row',
  ],
];

for (const [what, content, said] of UNREAD) {
  Deno.test(`unreadable times are reported: ${what}`, () => {
    const { series: [{ time }], reading } = readSeries(content);
    assertEquals(time, undefined);
    assertMatch(
      reading.notes[0],
      /^Rows are read as steps without times: .*Write times in one column/,
    );
    assertEquals(reading.notes[0].includes(said), true, reading.notes[0]);
    const none = readSeries(content, { time: null, columns: ["sold"] });
    assertEquals(none.reading.notes, []);
  });
}

const REFUSED: [what: string, content: string, options: SeriesOptions, message: string][] = [
  [
    "a unit",
    table(DAYS, VALUES.map((v) => `${v} kWh`)),
    { columns: ["sold"] },
    "without anything else, such as 5",
  ],
  [
    "brackets for a minus",
    table(DAYS, VALUES.map((v) => `(${v})`)),
    { columns: ["sold"] },
    "such as -5",
  ],
  [
    "words",
    table(DAYS, VALUES.map(() => "many")),
    { columns: ["sold"] },
    'data:1: "sold" does not hold numbers, for example "many"; choose a column of numbers',
  ],
  [
    "objects in JSON",
    '{"date":"2024-01-01","sold":{"v":1}}\n{"date":"2024-01-02","sold":{"v":2}}\n',
    { columns: ["sold"], name: "a.jsonl" },
    'a.jsonl:1: "sold" does not hold numbers, for example "{\\"v\\":1}"',
  ],
  [
    "lists in JSON",
    "[[1, 2], [3, 4]]",
    { columns: ["sold"], name: "a.json" },
    'a.json:1: the rows have no keys; give objects, such as {"time": "2024-01-31", "value": 12.5}',
  ],
  [
    "a repeated time",
    table(["2024-01-01", "2024-01-02", "2024-01-02"], VALUES),
    {},
    'data:4: "date": the time 2024-01-02 already appears in line 3; leave one of them out, or name',
  ],
  [
    "decreasing times",
    table(["2024-01-01", "2024-01-03", "2024-01-02"], VALUES),
    {},
    'data:4: "date": the time decreases, from 2024-01-03 to 2024-01-02; sort the rows, or name',
  ],
  [
    "mostly unusable rows",
    `${
      table(DAYS, VALUES)
    }2024-01-06\n2024-01-07\n2024-01-08\n2024-01-09\n2024-01-10\n2024-01-11\n`,
    { onProblem: () => {} },
    "data:7: 1 field where the header has 2; quote a text that contains newlines; 6 of 11 rows cannot",
  ],
  [
    "a gap that is too long",
    table(["2024-01-01", "2024-01-02", "2026-01-01"], VALUES),
    {},
    "steps are missing after 2024-01-02, more than the limit of 100",
  ],
];

for (const [what, content, options, message] of REFUSED) {
  Deno.test(`unreadable input is refused in one line: ${what}`, () => {
    const error = assertThrows(() => readSeries(content, options), InputError, message);
    assertEquals(error.message.split("\n").length, 1);
  });
}

Deno.test("a file of only numbers is a series without a header", () => {
  const { series: [{ values, columns }] } = readSeries("50.5\n51\n49.25\n");
  assertEquals([[...values[0]], columns], [[50.5, 51, 49.25], ["1"]]);
});

Deno.test("reported problems distinguish skipped rows from missing numbers", () => {
  const problems: [number, boolean][] = [];
  const days = Array.from({ length: 12 }, (_, i) => `2024-01-${10 + i}`);
  const content = table(days.with(1, "soon"), days.map((_, i) => i === 2 ? "x" : `${i}`));
  const onProblem = ({ line, isNumber = false }: SeriesProblem) => problems.push([line, isNumber]);
  const { reading } = readSeries(content, { onProblem });
  assertEquals([problems, reading.rows], [[[3, false], [4, true]], 11]);
});

Deno.test("columns are found by their names in training, which is reported", () => {
  const content = "id,tick,x,kind\na,0,1,up\na,1,2,up\nb,0,5,down\nb,1,4,down\n";
  const usual = { series: "id", time: "tick", label: "kind" };
  const { series, reading } = readSeries(content, { usual });
  assertEquals(series.map(({ name, label }) => [name, label]), [["a", "up"], ["b", "down"]]);
  assertEquals(reading.notes, [
    'As in training: series names in "id", times in "tick", labels in "kind".',
  ]);
  const unlabeled = readSeries(content.replaceAll(/up|down/g, ""), { usual, skipLabel: true });
  assertEquals(unlabeled.series.map(({ label }) => label), [undefined, undefined]);
  const other = readSeries("series,time,x\na,0,1\na,1,2\n", { usual });
  assertEquals([other.series[0].name, other.reading.notes], ["a", []]);
});
