import { assertThrows } from "@std/assert";
import {
  createForecaster,
  createSeriesClassifier,
  createSeriesRegressor,
  type ForecastModel,
  type ForecastOptions,
  type Series,
} from "@unroll/core";
import { assertPredictsAs, assertSame, imported, sourceOf } from "./js.ts";

const DAY = 86_400_000;

function wave(rows: number, phase: number, label?: string): Series {
  const values = (by: number) => Float64Array.from({ length: rows }, (_, t) => Math.sin(t / by));
  const columns = ["x", "y"];
  return { columns, values: [values(2 + phase), values(5)], ...(label && { label }) };
}

Deno.test("modules of series models predict as the models do", async () => {
  const labeled = [wave(12, 0, "a"), wave(9, 1, "b"), wave(15, 2, "a")];
  for (
    const own of [
      {},
      { cell: "lstm", head: "last", bidirectional: false, segment: 4 },
      { cell: "lnlstm", head: "max", layers: 2 },
    ] as const
  ) {
    const model = createSeriesClassifier(labeled, { hidden: 6, ...own });
    const asked = labeled.map(({ label: _, ...series }) => ({ ...series, name: "n" }));
    const { predict } = await imported(sourceOf(model));
    await assertPredictsAs(model, asked);
    assertThrows(() => predict({ columns: ["x"], values: [[1, 2]] }), RangeError, '"y"');
    assertThrows(() => predict({ columns: ["x"], values: [] }), RangeError, "of equal length");
    const [{ name, columns, values }] = asked;
    const plain = { name, columns, values: values.map((column) => [...column]) };
    assertSame(predict(plain), predict(asked[0]));
  }
  const numbered = labeled.map((series, i) => ({ ...series, label: `${10 * i - 3}` }));
  const model = createSeriesRegressor(numbered, { hidden: 5 });
  await assertPredictsAs(model, labeled.map((series) => ({ ...series, name: "n" })));
});

function sales(rows: number, more: number): Series {
  const column = (fn: (t: number) => number, length = rows) =>
    Float64Array.from({ length: rows + more }, (_, t) => t < length ? fn(t) : NaN);
  return {
    name: "shop",
    columns: ["sold", "lost", "price", "holiday"],
    values: [
      column((t) => 20 + 5 * Math.sin(t * 2 * Math.PI / 7) + t / 10),
      column((t) => 3 + Math.cos(t)),
      column((t) => 9 + t % 3),
      column((t) => Number(t % 7 === 0), rows + more),
    ],
    time: Float64Array.from({ length: rows + more }, (_, t) => Date.UTC(2024, 0, 20) + t * DAY),
  };
}

Deno.test("the module of a forecaster forecasts as the forecaster does", async () => {
  const options: [ForecastOptions, Partial<ForecastModel>, Record<string, unknown>][] = [
    [{ targets: ["sold"] }, {}, { horizon: 15 }],
    [{ targets: ["sold", "lost"], calendar: true, log: true }, {
      blend: { naive: "seasonal naive", weight: 0.25 },
    }, {}],
    [{ targets: ["sold"], features: ["price"], knownAhead: ["holiday"], cell: "lstm" }, {
      blend: { naive: "last value", weight: 0.5 },
    }, { horizon: 3 }],
    [{ targets: ["lost", "sold"], knownAhead: ["holiday"], calendar: true, layers: 2 }, {
      band: {
        ...{ windows: 9, apart: 9, parts: 2 },
        factors: [[1.1, 0.9, 1.2, 0.8], [1.3, 0.7, 1, 1], [1, 2, 3, 4]],
        margins: [[0.01, 0.02], [0.1, 0.1], [0, 0.5]],
      },
      quantiles: [0.1, 0.5, 0.9],
    }, { horizon: 12 }],
  ];
  for (const [own, change, asked] of options) {
    const quantiles = change.quantiles ?? [0.05, 0.95];
    const given = { hidden: 6, horizon: 6, window: 14, season: 7, segment: 2, quantiles, ...own };
    const series = sales(60, 0);
    const model = Object.assign(createForecaster([series], given), change);
    await assertPredictsAs(model, [sales(40, 12)], asked);
    if (!own.features && !own.knownAhead) await assertPredictsAs(model, [sales(33, 0)], asked);
    const { predict } = await imported(sourceOf(model));
    assertThrows(() => predict(sales(10, 12)), RangeError, "the last 14 rows, but there are 10");
    assertThrows(() => predict({ columns: ["a"], values: [[1]] }), RangeError, "no column");
  }
});

Deno.test("the module of a monthly forecaster continues with the ends of months", async () => {
  const time = Float64Array.from({ length: 40 }, (_, t) => Date.UTC(2020, t + 1, 0));
  const values = [Float64Array.from(time, (_, t) => Math.sin(t) + t / 20)];
  const series = { columns: ["a"], values, time };
  const model = createForecaster([series], { hidden: 4, calendar: true, horizon: 4, window: 12 });
  await assertPredictsAs(model, [series]);
});
