/**
 * Seasons, scaling and calendar features.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  autocorrelation,
  calendarColumns,
  calendarFeatures,
  describeStep,
  findSeason,
  findSeasons,
  Random,
  scaledValues,
  scalingOf,
  timeAfter,
  unscaledValues,
} from "@unroll/core";

const HOUR = 3_600_000, DAY = 24 * HOUR;

Deno.test("findSeason() finds yearly seasons under a trend, and daily ones", () => {
  const random = new Random(1);
  const sales = Float64Array.from(
    { length: 120 },
    (_, t) => (100 + 3 * t) * (1 + 0.2 * Math.sin(2 * Math.PI * t / 12)) + 5 * random.normal(),
  );
  assertEquals(findSeason(sales), 12);
  const load = Float64Array.from(
    { length: 3000 },
    (_, t) => Math.sin(2 * Math.PI * t / 24) + 0.3 * Math.sin(2 * Math.PI * t / 168) + t / 1000,
  );
  assertEquals(findSeason(load), 24);
});

Deno.test("findSeason() finds no season in noise, random walks, lines, constants and few values", () => {
  for (let seed = 1; seed <= 5; seed++) {
    const random = new Random(seed);
    let walk = 0;
    assertEquals(findSeason(Float64Array.from({ length: 800 }, () => random.normal())), 1);
    assertEquals(findSeason(Float64Array.from({ length: 800 }, () => walk += random.normal())), 1);
  }
  assertEquals(findSeason(Float64Array.from({ length: 90 }, (_, t) => 3 * t)), 1);
  assertEquals(findSeason(new Float64Array(90).fill(0.1)), 1);
  assertEquals(findSeason(Float64Array.of(1, 5)), 1);
  assertEquals(findSeason(new Float64Array(0)), 1);
});

Deno.test("autocorrelation() skips missing values", () => {
  const values = Float64Array.from({ length: 400 }, (_, t) => Math.sin(t * Math.PI / 6));
  for (let t = 0; t < 400; t += 17) values[t] = NaN;
  const found = autocorrelation(values, 12);
  assert(found.every(Number.isFinite));
  assert(found[12] > 0.7 && found[6] < -0.7);
});

Deno.test("scaling standardizes columns and reverses it; constant columns become 0", () => {
  const series = [
    [Float64Array.of(1, 2, NaN, 6), Float64Array.of(0.1, 0.1, 0.1, 0.1)],
    [Float64Array.of(3), Float64Array.of(0.1)],
  ];
  const scaling = scalingOf(series);
  assertEquals(scaling.means, [3, 0.1]);
  assertAlmostEquals(scaling.deviations[0], Math.sqrt((4 + 1 + 9) / 4));
  assertEquals(scaling.deviations[1], 1);
  const scaled = scaledValues(series[0], scaling);
  assertEquals(scaled[1], new Float64Array(4));
  const back = unscaledValues(scaled, scaling);
  for (const [t, value] of series[0][0].entries()) {
    if (!Number.isNaN(value)) assertAlmostEquals(back[0][t], value);
  }
});

Deno.test("calendarColumns() returns the features that vary at a given step", () => {
  const of = (size: number) => calendarColumns({ unit: "millisecond", size });
  const both = (...names: string[]) => names.flatMap((name) => [`${name}_sin`, `${name}_cos`]);
  assertEquals(of(HOUR), both("hour", "weekday", "day_of_year"));
  assertEquals(of(DAY), both("weekday", "day_of_year"));
  assertEquals(of(7 * DAY), both("day_of_year"));
  assertEquals(calendarColumns({ unit: "month", size: 3 }), both("month"));
  assertEquals(calendarColumns({ unit: "month", size: 12 }), []);
  assertEquals(calendarColumns({ unit: "number", size: 1 }), []);
});

Deno.test("calendar features are points on circles", () => {
  const time = Float64Array.from({ length: 200 }, (_, i) => Date.UTC(1969, 11, 30) + i * HOUR);
  const { columns, values } = calendarFeatures(time, { unit: "millisecond", size: HOUR });
  assertEquals(columns.length, values.length);
  for (let i = 0; i < columns.length; i += 2) {
    for (const [t, sine] of values[i].entries()) {
      assertAlmostEquals(sine ** 2 + values[i + 1][t] ** 2, 1);
    }
  }
  assertAlmostEquals(values[0][6], 1); // at 6:00
  assertAlmostEquals(values[3][0], Math.cos(2 * Math.PI / 7)); // a Tuesday
});

Deno.test("timeAfter() handles months of any length, and keeps the end of a month", () => {
  const iso = (time: number) => new Date(time).toISOString().slice(0, 16);
  const month = { unit: "month", size: 1 } as const;
  assertEquals(iso(timeAfter(Date.UTC(1949, 11, 1), 1, month)), "1950-01-01T00:00");
  assertEquals(iso(timeAfter(Date.UTC(2023, 0, 31), 1, month)), "2023-02-28T00:00");
  assertEquals(iso(timeAfter(Date.UTC(2023, 1, 28), 1, month)), "2023-03-31T00:00");
  assertEquals(iso(timeAfter(Date.UTC(2023, 1, 15, 6), -2, month)), "2022-12-15T06:00");
  assertEquals(
    iso(timeAfter(Date.UTC(2024, 0, 1), 2, { unit: "millisecond", size: DAY })),
    "2024-01-03T00:00",
  );
});

Deno.test("describeStep() describes steps in common units", () => {
  const of = (size: number) => describeStep({ unit: "millisecond", size });
  assertEquals([of(HOUR), of(DAY), of(7 * DAY), of(90_000), of(250)], [
    "1 hour",
    "1 day",
    "1 week",
    "90 seconds",
    "250 milliseconds",
  ]);
  assertEquals(describeStep({ unit: "month", size: 3 }), "3 months");
  assertEquals(describeStep({ unit: "number", size: 0.1 }), "0.1");
});

Deno.test("findSeason() finds a season under noise that moves the peaks", () => {
  const random = new Random(2);
  for (let trial = 0; trial < 5; trial++) {
    const noisy = Float64Array.from(
      { length: 8640 },
      (_, t) => Math.sin(t * Math.PI / 12) + 0.1 * random.normal(),
    );
    assertEquals(findSeason(noisy), 24);
  }
});

/** Hourly values with a daily season that is lower on weekends, under noise. */
function weeks(rows: number, seed: number): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length: rows }, (_, t) => {
    const isWeekend = t % 168 >= 120;
    const day = 3 * Math.sin(t * Math.PI / 12) * (isWeekend ? 0.4 : 1);
    return 10 + day - (isWeekend ? 2 : 0) + random.normal();
  });
}

Deno.test("findSeasons() finds daily and weekly seasons under noise, and only those that exist", () => {
  for (let seed = 1; seed <= 4; seed++) {
    assertEquals(findSeasons(weeks(3000, seed)), [24, 168]);
    const random = new Random(seed);
    const days = Float64Array.from(
      { length: 3000 },
      (_, t) => 3 * Math.sin(t * Math.PI / 12) + random.normal(),
    );
    assertEquals(findSeasons(days), [24]);
    assertEquals(findSeasons(days.map(() => random.normal())), []);
  }
  assertEquals(findSeasons(new Float64Array(90)), []);
});

Deno.test("findSeason() finds yearly seasons in a few noisy rows", () => {
  for (let seed = 1; seed <= 6; seed++) {
    const random = new Random(seed);
    const months = Float64Array.from(
      { length: 150 },
      (_, t) => 10 * Math.sin(t * Math.PI / 6) + 2 * random.normal(),
    );
    assertEquals(findSeason(months), 12);
  }
});

Deno.test("findSeasons() finds yearly and quarterly seasons together", () => {
  const random = new Random(1);
  const orders = Float64Array.from(
    { length: 240 },
    (_, t) =>
      [0, 1, 6][t % 3] + [0, 1, 2, 3, 2, 0, -2, -5, -1, 1, 2, 4][t % 12] / 2 +
      0.3 * random.normal(),
  );
  assertEquals(findSeasons(orders), [3, 12]);
});
