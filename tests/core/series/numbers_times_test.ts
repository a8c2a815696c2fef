/**
 * Numbers and times in the formats that people use.
 *
 * @module
 */
import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { describeSeries, InputError, readSeries, type SeriesOptions } from "@unroll/core";

/** Reads a column of numbers, and returns them with the notes and problems reported. */
function numbersOf(cells: readonly string[], options: SeriesOptions = {}) {
  const quoted = cells.map((cell) => `"${cell}"`);
  const problems: string[] = [];
  const { series: [{ values }], reading } = readSeries(`sold\n${quoted.join("\n")}\n`, {
    ...options,
    onProblem: ({ line, problem }) => problems.push(`${line}: ${problem}`),
  });
  return { values: [...values[0]], notes: reading.notes, problems };
}

/** Reads a column of times, and returns them in ISO 8601. */
function timesOf(cells: readonly string[], options: SeriesOptions = {}) {
  const rows = cells.map((cell, i) => `"${cell}",${i}`);
  const { series: [{ time }], reading } = readSeries(`when,sold\n${rows.join("\n")}\n`, {
    time: "when",
    ...options,
  });
  const times = Array.from(time ?? [], (each) => new Date(each).toISOString().slice(0, 16));
  return { times, reading };
}

Deno.test("numbers are read with points or commas, and with thousands separators", () => {
  const expected = [1234.5, -7, 1234567.25];
  for (
    const cells of [
      ["1,234.5", "-7", "1,234,567.25"],
      ["1.234,5", "-7", "1.234.567,25"],
      ["1 234,5", "−7", "1\u202f234\u00a0567,25"],
      ["1 234.5", "-7", "1 234 567.25"],
      ["1'234.5", "-7", "1’234’567.25"],
      ["1234.5", "-7.0", "1.23456725e6"],
    ]
  ) {
    assertEquals(numbersOf(cells).values, expected, cells[0]);
  }
});

Deno.test("a decimal comma is reported, and percent signs are removed", () => {
  assertEquals(numbersOf(["0,5", "1,25"]).notes, ['"sold": the comma is the decimal mark.']);
  assertEquals(numbersOf(["12%", "12.5 %"]).values, [12, 12.5]);
});

Deno.test("an ambiguous comma is read as a thousands separator, and reported", () => {
  const { values, notes } = numbersOf(["1,234", "5,678"]);
  assertEquals(values, [1234, 5678]);
  assertMatch(notes[0], /"1,234", the comma separates thousands; use --decimal ,/);
  assertEquals(numbersOf(["1,234", "5,678"], { decimal: "," }).values, [1.234, 5.678]);
  // A leading zero, or two digits after the comma, mark a decimal comma.
  assertEquals(numbersOf(["0,234", "5,678"]).values, [0.234, 5.678]);
  assertEquals(numbersOf(["1,23", "5,678"]).values, [1.23, 5.678]);
});

Deno.test("numbers marked as missing are filled", () => {
  for (const missing of ["", "NA", "n/a", "NaN", "-", "null", "None", "?", "."]) {
    assertEquals(numbersOf(["1", missing, "3"]).values, [1, 2, 3], missing);
  }
});

Deno.test("an invalid number is reported with its line, and counts as missing", () => {
  const { values, problems } = numbersOf([
    ...["1.5", "2.5", "3,75", "abc", "inf", "1e999", "7.5", "8.5"],
  ]);
  assertEquals(values, [1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5]);
  assertEquals(problems, [
    '4: "sold": "3,75" is not a number with a decimal point, as the others are; write all of ' +
    "them the same way, or set the decimal mark (--decimal ,)",
    '5: "sold": "abc" is not a number; correct it, or leave the field empty',
    '6: "sold": "inf" is not finite; leave the field empty if the number is missing',
    '7: "sold": "1e999" is not finite; leave the field empty if the number is missing',
  ]);
});

Deno.test("a column without numbers is refused with examples of its contents", () => {
  const content = "shop,sold\nBerlin,1\nRome,2\n";
  assertThrows(
    () => readSeries(content, { name: "a.csv", columns: ["shop"] }),
    InputError,
    'a.csv:1: "shop" does not hold numbers, for example "Berlin"; choose a column of numbers',
  );
  assertThrows(
    () => readSeries("shop,city\na,b\nc,d\n", { name: "a.csv" }),
    InputError,
    'a.csv:1: no column holds numbers: the header has "shop", "city"',
  );
});

Deno.test("times are read in common formats", () => {
  const days = ["2024-01-30T00:00", "2024-01-31T00:00", "2024-02-01T00:00"];
  for (
    const cells of [
      ["2024-01-30", "2024-01-31", "2024-02-01"],
      ["2024/1/30", "2024/1/31", "2024/2/1"],
      ["30.01.2024", "31.01.2024", "01.02.2024"],
      ["30.1.24", "31.1.24", "1.2.24"],
      ["30/01/2024", "31/01/2024", "01/02/2024"],
      ["01/30/2024", "01/31/2024", "02/01/2024"],
      ["1706572800", "1706659200", "1706745600"],
      ["1706572800000", "1706659200000", "1706745600000"],
      ["2024-01-30T02:00:00+02:00", "2024-01-31T02:00:00+02:00", "2024-02-01T02:00:00+02:00"],
      ["2024-01-30 00:00:00.000Z", "2024-01-31 00:00:00.000Z", "2024-02-01 00:00:00.000Z"],
    ]
  ) {
    const { times, reading } = timesOf(cells);
    assertEquals(times, days, cells[0]);
    assertEquals(reading.step, { unit: "millisecond", size: 86_400_000 });
  }
  assertEquals(timesOf(["2024-01", "2024-02", "2024-03"]).reading.step, {
    unit: "month",
    size: 1,
  });
  assertEquals(timesOf(["1999", "2000", "2001"]).times[1], "2000-01-01T00:00");
  assertEquals(timesOf(["1/2/2024 1:30 PM", "1/2/2024 2:30 PM"]).times[0], "2024-01-02T13:30");
});

Deno.test("step numbers order the rows, but have no dates", () => {
  const { times, reading } = timesOf(["0.1", "0.2", "0.3"]);
  assertEquals([times, reading.step], [[], { unit: "number", size: 0.1 }]);
});

Deno.test("day or month first: decided by even spacing, or reported as ambiguous", () => {
  const monthly = timesOf(["01/01/2024", "01/02/2024", "01/03/2024", "01/04/2024"]);
  // Four days of January, or the first days of four months: both are evenly spaced.
  assertEquals(monthly.times[1], "2024-01-02T00:00");
  assertMatch(monthly.reading.notes[0], /could be month\/day\/year or day\/month\/year/);
  const cells = ["01/01/2024", "01/02/2024", "01/03/2024", "01/04/2024"];
  assertEquals(timesOf(cells, { dayFirst: true }).times[1], "2024-02-01T00:00");
  const years = Array.from(
    { length: 15 },
    (_, i) => `01/${`${i % 12 + 1}`.padStart(2, "0")}/${2023 + Math.floor(i / 12)}`,
  );
  const { times, reading } = timesOf(years);
  assertEquals([times[1], reading.notes], ["2023-02-01T00:00", []]);
});

Deno.test("an invalid time is reported, and its row skipped", () => {
  const rows = Array.from({ length: 12 }, (_, i) => `2024-01-${`${i + 1}`.padStart(2, "0")},${i}`);
  rows[5] = "2024-02-30,5";
  const problems: string[] = [];
  const { series: [{ values }] } = readSeries(`day,sold\n${rows.join("\n")}\n`, {
    onProblem: ({ line, problem }) => problems.push(`${line}: ${problem}`),
  });
  assertEquals(problems, [
    '7: "day": "2024-02-30" is not a time such as 2024-01-31 13:00, as the others are; correct it',
  ]);
  assertEquals(values[0].length, 12); // the day is missing, and filled
});

Deno.test("a time column without times is refused", () => {
  assertThrows(
    () => readSeries("day,sold\nmon,1\ntue,2\n", { name: "a.csv", time: "day" }),
    InputError,
    'a.csv:2: "day" does not hold times, for example "mon"',
  );
});

Deno.test("describeSeries() describes how each column was read", () => {
  const { reading } = readSeries("Tag;Umsatz\n01.02.2024;1,5\n02.02.2024;2,5\n");
  assertEquals(
    describeSeries(reading),
    'CSV with semicolons, header, 2 rows; numbers in "Umsatz", times in "Tag" (day.month.year, 1 day apart)',
  );
});
