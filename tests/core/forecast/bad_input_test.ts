import { createCpuBackend } from "@unroll/backend-cpu";
import {
  createForecaster,
  evaluate,
  fit,
  type ForecastOptions,
  InputError,
  predict,
  readModel,
  rollingFolds,
  type Series,
  splitSeries,
  writeModel,
} from "@unroll/core";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { hourly, wholeForecaster } from "#tests/support/forecast.ts";

const backend = createCpuBackend();

/** Returns a series of one column, from a file. */
function sales(...values: number[]): Series {
  return { where: "sales.csv", columns: ["sales"], values: [Float64Array.from(values)] };
}

const some = Array.from({ length: 40 }, (_, t) => t % 7);

const refused: [what: string, series: Series, options: ForecastOptions, message: string][] = [
  [
    "a missing column",
    sales(...some),
    { targets: ["price"] },
    'sales.csv: there is no column "price"; there is "sales"',
  ],
  ["no target", sales(...some), { features: ["sales"] }, "there is no column to forecast"],
  [
    "a column named twice",
    sales(...some),
    { targets: ["sales"], features: ["sales"] },
    '"sales" is named twice',
  ],
  ["a missing number", sales(...some.with(4, NaN)), {}, 'the column "sales" has NaN in row 5'],
  ["an infinite number", sales(...some.with(4, -Infinity)), {}, "has -Infinity in row 5"],
  [
    "a constant column",
    sales(5, 5, 5, 5),
    { horizon: 1 },
    'sales.csv: the column "sales" is always 5',
  ],
  ["one row", sales(5), {}, "one row is not a series; give one row per time step"],
  ["no rows", sales(), {}, "there are no rows"],
  [
    "a horizon longer than the data",
    sales(...some),
    { horizon: 60 },
    "need at least 84 rows, but there are 40",
  ],
  [
    "a window longer than the data",
    sales(...some),
    { window: 36 },
    "a horizon of 12 and a window of 36",
  ],
  [
    "a window that is not a multiple of the segment",
    sales(...some),
    { window: 10, segment: 4 },
    "a multiple of the segment, 4, got 10",
  ],
  [
    "a horizon of 0",
    sales(...some),
    { horizon: 0 },
    "the horizon must be a whole number of at least 1",
  ],
  [
    "decreasing quantiles",
    sales(...some),
    { quantiles: [0.9, 0.1] },
    "must be between 0 and 1 and increase, got 0.9, 0.1",
  ],
  ["a quantile of 1", sales(...some), { quantiles: [1] }, "must be between 0 and 1"],
  [
    "an unknown loss",
    sales(...some),
    { loss: "cubic" as "absolute" },
    "the loss must be one of squared, absolute, huber",
  ],
  [
    "a logarithm of 0",
    sales(...some),
    { log: true },
    'the column "sales" has 0, which has no logarithm',
  ],
  [
    "a calendar without times",
    sales(...some),
    { calendar: true },
    "the calendar needs times, but there are none",
  ],
  [
    "an unknown option",
    sales(...some),
    { horizn: 3 } as ForecastOptions,
    'did you mean "horizon"?',
  ],
  [
    "an option of other models",
    sales(...some),
    { bidirectional: true } as ForecastOptions,
    'no option "bidirectional"',
  ],
];

for (const [what, series, options, message] of refused) {
  Deno.test(`createForecaster() refuses ${what}`, () => {
    assertThrows(() => createForecaster([series], options), InputError, message);
  });
}

Deno.test("an undefined option gets the default", () => {
  const options = { horizon: 4, window: 8 };
  const none = { ...options, cell: undefined, hidden: undefined, quantiles: undefined };
  assertEquals(
    createForecaster([sales(...some)], none),
    createForecaster([sales(...some)], options),
  );
});

Deno.test("createForecaster() refuses an empty list of series", () => {
  assertThrows(() => createForecaster([]), InputError, "there are no series to learn from");
});

Deno.test("a forecaster refuses series with other columns, or too few rows", async () => {
  const model = createForecaster([sales(...some)], { horizon: 4, window: 8 });
  const other = { ...sales(...some), columns: ["price"] };
  const missing = 'sales.csv: there is no column "sales"; there is "price"';
  await assertRejects(() => predict(backend, model, [other]), InputError, missing);
  await assertRejects(() => evaluate(backend, model, [other]), InputError, missing);
  await assertRejects(() => fit(backend, model, [other]), InputError, missing);
  await assertRejects(
    () => predict(backend, model, [sales(1, 2, 3)]),
    InputError,
    "sales.csv: the model reads the last 8 rows, but there are 3",
  );
  await assertRejects(
    () => evaluate(backend, model, [sales(1, 2, 3)]),
    InputError,
    "a window of 8 and a horizon of 4 need 12 rows, but there are 3",
  );
  await assertRejects(
    () => evaluate(backend, model, [sales(...some.with(20, NaN))]),
    InputError,
    "has NaN in row 21",
  );
  await assertRejects(() => evaluate(backend, model, []), InputError, "no series to evaluate on");
});

Deno.test("a forecaster refuses invalid series", async () => {
  const model = createForecaster([sales(...some)], { horizon: 4, window: 8 });
  const text = "not good" as unknown as Series;
  const message = 'a forecaster reads series, with columns and their values, got "not good"';
  await assertRejects(() => predict(backend, model, [text]), InputError, message);
  await assertRejects(() => evaluate(backend, model, [text]), InputError, message);
  assertThrows(() => createForecaster([text]), InputError, 'got "not good"');
  const uneven = { ...sales(...some), columns: ["sales", "price"] };
  assertThrows(() => createForecaster([uneven]), InputError, "2 names for 1 columns");
  const short = { ...sales(...some), time: new Float64Array(3) };
  assertThrows(() => createForecaster([short]), InputError, "of 40 and 3 rows");
});

Deno.test("series are split by time, and no split is empty", () => {
  const series = sales(...some);
  const { train, validation } = splitSeries(series, 0.25);
  assertEquals([train.values[0].length, validation.from], [30, 30]);
  assertEquals(validation.values[0], series.values[0]);
  assertThrows(() => splitSeries(series, 40), InputError, "cannot set aside 40 of 40 rows");
  const folds = rollingFolds(series, 3, 4);
  assertEquals(folds.map(({ train }) => train.values[0].length), [28, 32, 36]);
  assertEquals(folds.map(({ test }) => [test.from, test.values[0].length]), [
    [28, 32],
    [32, 36],
    [36, 40],
  ]);
  assertThrows(() => rollingFolds(series, 10, 4), InputError, "use fewer folds");
});

Deno.test("a damaged forecaster file is refused", async () => {
  const bytes = writeModel(wholeForecaster());
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  delete header.__metadata__.crc32;
  const damages: [key: string, text: string][] = [
    ["series", "[]"],
    ["series", '{"targets":[],"features":[],"knownAhead":[]}'],
    ["forecast", "{}"],
    ["forecast", header.__metadata__.forecast.replace('"window":6', '"window":7')],
    ["forecast", header.__metadata__.forecast.replace('"loss":"absolute"', '"loss":"none"')],
    ["forecast", header.__metadata__.forecast.replace("0.95", "0.01")],
    ["forecast", header.__metadata__.forecast.replace('"unit":"millisecond"', '"unit":"moon"')],
    ["scales", '{"means":[1],"deviations":[1],"naiveErrors":[1,1]}'],
    ["scales", header.__metadata__.scales.replace(/"deviations":\[[^,]*/, '"deviations":[0')],
    ["config", header.__metadata__.config.replace('"bidirectional":false', '"bidirectional":true')],
  ];
  for (const [key, text] of damages) {
    const changed = { ...header, __metadata__: { ...header.__metadata__, [key]: text } };
    const head = new TextEncoder().encode(JSON.stringify(changed));
    const file = [new BigUint64Array([BigInt(head.length)]), head, bytes.subarray(8 + length)];
    await assertRejects(
      () => readModel(new Blob(file)),
      InputError,
      "is damaged",
      `${key} ${text}`,
    );
  }
});

Deno.test("series too short for a window are skipped if others are longer", async () => {
  const model = wholeForecaster();
  const short = hourly(8), long = hourly(60);
  const { windows } = await evaluate(backend, model, [short, long]);
  const alone = await evaluate(backend, model, [long]);
  assertEquals(windows, alone.windows);
});
