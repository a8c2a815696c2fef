import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  InputError,
  readSeries,
  type Series,
  strokeBeginnings,
  strokeNovelty,
  strokeProgress,
  strokeSeries,
  strokeSpacing,
} from "@unroll/core";

const circle = (radius = 0.3, turns = 1, start = 0) => {
  const angles = Array.from({ length: 80 }, (_, i) => start + 2 * Math.PI * turns * i / 79);
  return [
    angles.map((angle) => 0.5 + radius * Math.cos(angle)),
    angles.map((angle) => 0.5 + radius * Math.sin(angle)),
  ];
};

Deno.test("strokeSeries() resamples a stroke to points at equal distances, from its first point", () => {
  const [x, y] = circle();
  const { columns, values: [sx, sy] } = strokeSeries(x, y, { spacing: 0.05 });
  assertEquals(columns, ["x", "y"]);
  assertEquals([sx[0], sy[0]], [0, 0]);
  assertEquals(sx.length, 1 + Math.floor(2 * Math.PI * 0.3 / 0.05));
  for (let i = 1; i < sx.length; i++) {
    assertAlmostEquals(Math.hypot(sx[i] - sx[i - 1], sy[i] - sy[i - 1]), 0.05, 5e-4);
  }
});

Deno.test("strokeSeries() does not depend on the position and speed of a stroke", () => {
  const x = [0, 0.5, 0.5], y = [0, 0, 0.4];
  const moved = strokeSeries(x.map((v) => v + 0.25), y.map((v) => v - 0.5));
  assertEquals(moved, strokeSeries(x, y));
  const slow = strokeSeries([0, 0, 0.1, 0.2, 0.35, 0.5, 0.5, 0.5], [0, 0, 0, 0, 0, 0, 0.3, 0.4]);
  assertEquals(slow, strokeSeries(x, y));
});

Deno.test("a partial stroke has the first points of the whole stroke", () => {
  const [x, y] = circle(0.31, 1.3);
  const whole = strokeSeries(x, y), progress = strokeProgress(x, y);
  const beginnings = strokeBeginnings(whole);
  for (let drawn = 1; drawn <= x.length; drawn++) {
    const part = strokeSeries(x.slice(0, drawn), y.slice(0, drawn));
    assertEquals(part.values[0].length, progress[drawn - 1]);
    assertEquals(part.values, beginnings[progress[drawn - 1] - 1].values);
  }
  assertEquals(beginnings.length, whole.values[0].length);
  assertEquals(strokeBeginnings(whole, 5)[0], beginnings[4]);
  assertEquals(strokeBeginnings(whole, 1000), []);
});

Deno.test("strokeSpacing() returns the spacing of a stroke, or less at turns", () => {
  const [x, y] = circle();
  const spacing = strokeSpacing(strokeSeries(x, y));
  assert(spacing <= 0.0501 && spacing > 0.049, String(spacing));
  assertEquals(strokeSpacing(strokeSeries([1], [1])), 0);
});

Deno.test("a stroke's values survive a CSV file", () => {
  const [x, y] = circle(0.237);
  const { values } = strokeSeries(x, y);
  const rows = [...values[0]].map((value, t) => `a,${t},${value},${values[1][t]},ring\n`);
  const csv = `id,t,x,y,shape\n${rows.join("")}`;
  const { series } = readSeries(csv, { series: "id", time: "t", label: "shape" });
  assertEquals(series[0].values, values);
  assertEquals(series[0].label, "ring");
});

Deno.test("a single point is a stroke of one point", () => {
  assertEquals(strokeSeries([0.2], [0.7], { label: "dot", name: "first" }), {
    columns: ["x", "y"],
    values: [Float64Array.of(0), Float64Array.of(0)],
    label: "dot",
    name: "first",
  });
  assertEquals(strokeSeries([0.2, 0.2], [0.7, 0.7]).values[0], Float64Array.of(0));
});

Deno.test("strokeNovelty() is about 1 for known shapes, and far above 1 for others", () => {
  const ring = (radius: number, start: number): Series => {
    const [x, y] = circle(radius, 1, start);
    return strokeSeries(x, y, { label: "ring" });
  };
  const known = [ring(0.2, 0), ring(0.3, 0.1), ring(0.25, 0.2), ring(0.3, 0.3)];
  assert(strokeNovelty(known, ring(0.4, 0.15)) < 1.5);
  assert(strokeNovelty(known, strokeSeries([0, 1], [0, 0])) > 4);
  assertEquals(strokeNovelty(known, known[2]), 0);
});

Deno.test("an invalid stroke is refused with its position", () => {
  assertThrows(() => strokeSeries([], []), InputError, "at least one, got 0 and 0");
  assertThrows(() => strokeSeries([1], [1, 2]), InputError, "got 1 and 2");
  assertThrows(() => strokeProgress([0, NaN], [0, 1]), InputError, "point 2 of the stroke is (NaN");
  assertThrows(() => strokeSeries([0], [0], { spacing: 0 }), InputError, "the spacing");
  const one = strokeSeries([0, 1], [0, 0], { label: "line" });
  assertThrows(() => strokeNovelty([one, one], one), InputError, "draw more of them");
  assertThrows(() => strokeNovelty([one], one), InputError, "draw more of them");
});
