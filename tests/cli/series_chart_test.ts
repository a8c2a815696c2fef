import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { displayWidth } from "@unroll/core";
import { seriesSvg } from "#cli/output/html_series.ts";
import { seriesChart, shortNumber } from "#cli/output/series_chart.ts";

const timeAt = (step: number) => `t${step}`;

Deno.test("seriesChart() draws the past in dots, the forecast in blocks, the band in shades", () => {
  const chart = { actual: [0, 1, 2, 3], start: 4, forecast: [4, 5, 6, 7], timeAt };
  const lines = seriesChart({
    ...chart,
    lower: [3, 4, 5, 6],
    upper: [5, 6, 7, 8],
    band: "80% band",
  }, { columns: 32, rows: 5 });
  assertEquals(lines, [
    " 8.00 ┤              ┊      ░░▄▄",
    "      ┤              ░░░▄▄▄▀▀▀░░",
    " 4.00 ┤              ▀▀▀░░░░",
    "      ┤     ⢀⣀⠤⠔⠒⠉⠁  ┊",
    " 0.00 ┤⣀⠤⠔⠒⠉⠁        ┊",
    "       t0            t4       t7",
    "       ⠤⠤ actual   ▀▀ forecast   ░░ 80% band",
  ]);
  assert(lines.slice(0, 5).every((line) => displayWidth(line) <= 32), "a line is too wide");
});

Deno.test("seriesChart() draws few steps, one step, no steps, a constant and gaps", () => {
  for (const actual of [[1], [2, 2, 2], [1, NaN, 3], [NaN]]) {
    const start = actual.length;
    const lines = seriesChart({ actual, start, forecast: [2, 2], timeAt }, {
      columns: 40,
      rows: 4,
    });
    assertEquals(lines.length, 6);
    assert(!lines.join("\n").includes("NaN"), lines.join("\n"));
    assertStringIncludes(lines.join("\n"), "▀▀ forecast");
  }
  const none = seriesChart({ actual: [], start: 0, forecast: [], timeAt }, {
    columns: 40,
    rows: 4,
  });
  assertEquals(none.length, 6);
});

Deno.test("seriesChart() draws a long series within the columns of the terminal", () => {
  const actual = Array.from({ length: 5000 }, (_, t) => Math.sin(t / 30));
  const forecast = Array.from({ length: 700 }, (_, t) => Math.cos(t / 30));
  const lines = seriesChart({ actual, start: 5000, forecast, timeAt }, { columns: 80, rows: 12 });
  assert(lines.every((line) => displayWidth(line) <= 80));
});

Deno.test("shortNumber() prints the digits that the scale needs", () => {
  assertEquals(
    [[1234.5, 1000], [0.123, 0.2], [-0.001, 0.002], [-0, 10], [1e9, 10], [5, 0]].map(([a, b]) =>
      shortNumber(a, b)
    ),
    ["1235", "0.123", "-0.00100", "0.0", "1.00e+9", "5.00"],
  );
});

Deno.test("seriesSvg() draws gaps, and escapes texts", () => {
  const svg = seriesSvg({
    title: "<b>sales</b>",
    actual: [1, 2, NaN, 4, 5],
    start: 5,
    forecast: [6, 7],
    lower: [5, 5],
    upper: [7, 9],
    times: ["1", "2", "3", "4", "5", "6", "<i>7"],
  });
  assertEquals(svg.match(/<polyline/g)?.length, 3);
  assertEquals(svg.match(/<polygon/g)?.length, 1);
  assert(!svg.includes("<b>") && !svg.includes("<i>"), svg);
  assert(!svg.includes("NaN"), svg);
});
