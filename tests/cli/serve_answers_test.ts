import {
  createForecaster,
  createModel,
  createMultiLabelClassifier,
  createRegressor,
  createSeriesClassifier,
  createSeriesRegressor,
  createTranslationModel,
  type Model,
  predict,
  type Series,
} from "@unroll/core";
import { assertEquals, assertMatch } from "@std/assert";
import { assertSame, backend, classifier, LABELED, withService } from "#tests/cli/service.ts";

const [other, last] = [1, 2].map((seed) => createModel(LABELED, { init: "scaled", seed }));
const ensemble = { ...last, ensemble: [other.weights] };

const TEXTS = ["good day", "so bad", "day so good so bad day"];

/** Models that read texts, and functions that pick the parts of a prediction in a response. */
const textModels: Record<string, [model: Model, record: (answer: never) => unknown]> = {
  "a classifier": [
    classifier,
    ({ text, label, probabilities, logits }) => ({ text, label, probabilities, logits }),
  ],
  "an ensemble": [ensemble, ({ label, probabilities }) => ({ label, probabilities })],
  "a tagger": [
    createModel([{ text: "good day", label: "A B" }], { head: "token", hidden: 5 }),
    (tags) => ({ words: tags }),
  ],
  "a multi-label model": [
    createMultiLabelClassifier([{ text: "good day so", label: "x;y" }, { text: "bad", label: "" }]),
    ({ labels, probabilities }) => ({ labels, probabilities }),
  ],
  "a regression model": [
    createRegressor([{ text: "good day so", label: "4" }, { text: "bad", label: "1.5" }]),
    ({ text, value }) => ({ text, value }),
  ],
  "a translation model": [
    createTranslationModel([{ text: "good day so bad", label: "dog yad" }], { hidden: 8 }),
    ({ target, probability, ended }) => ({ target, probability, ended }),
  ],
};

for (const [name, [model, record]] of Object.entries(textModels)) {
  Deno.test(`POST /predict returns the results of predict(): ${name}`, async () => {
    const expected = await predict(backend, model as never, TEXTS as never);
    await withService(model, async (ask) => {
      const response = await ask("/predict", { texts: TEXTS });
      assertEquals(response.status, 200);
      const { predictions } = await response.json();
      assertEquals(predictions.length, TEXTS.length);
      for (const [i, answer] of expected.entries()) {
        assertSame(predictions[i], record(answer as never));
        assertSame(
          await (await ask("/predict", { text: TEXTS[i] })).json(),
          record(answer as never),
        );
      }
      assertEquals(await (await ask("/predict", { texts: [] })).json(), { predictions: [] });
    });
  });
}

Deno.test("a translation model accepts a beam width, and returns attention weights", async () => {
  const pairs = [{ text: "abc", label: "cba" }, { text: "ab", label: "ba" }];
  const model = createTranslationModel(pairs, { hidden: 8, attention: "dot" });
  const [expected] = await predict(backend, model, ["abc"], { beam: 3, maxLength: 4 });
  await withService(model, async (ask) => {
    const body = { text: "abc", beam: 3, maxLength: 4, attention: true };
    const answer = await (await ask("/predict", body)).json();
    assertSame(answer, { target: expected.target, probability: expected.probability });
    assertEquals(answer.attention.source, ["a", "b", "c"]);
    for (
      const [key, value, problem] of [
        ["beam", 0, /^beam: expected a whole number from 1 to 4, got 0$/],
        ["beam", 99, /from 1 to 4, got 99/],
        ["beam", "2", /got "2"/],
        ["maxLength", 1e9, /^maxLength: .* got 1000000000$/],
        ["attention", 1, /^attention: expected true or false, got 1$/],
      ] as const
    ) {
      const response = await ask("/predict", { text: "abc", [key]: value });
      assertEquals(response.status, 422);
      assertMatch((await response.json()).error, problem);
    }
    assertEquals((await ask("/predict", { text: "" })).status, 422);
  });
});

const wave = (name: string, rows: number, label?: string): Series => ({
  name,
  columns: ["x", "y"],
  values: [0, 1].map((k) => Float64Array.from({ length: rows }, (_, t) => Math.sin(t / 3 + k))),
  label,
});
const asColumns = ({ columns, values }: Series) =>
  Object.fromEntries(columns.map((column, i) => [column, [...values[i]]]));

Deno.test("POST /predict returns the results of predict(): models of series", async () => {
  const learned = [wave("a", 30, "1"), wave("b", 24, "2")], asked = [wave("c", 12), wave("d", 40)];
  for (const model of [createSeriesClassifier(learned), createSeriesRegressor(learned)]) {
    const expected = await predict(backend, model as never, asked as never);
    await withService(model, async (ask) => {
      const { predictions } = await (await ask("/predict", { series: asked.map(asColumns) }))
        .json();
      for (const [i, answer] of expected.entries()) {
        const { name: _, ...rest } = answer as Record<string, unknown>;
        assertSame(predictions[i], rest);
        assertSame(await (await ask("/predict", { series: asColumns(asked[i]) })).json(), rest);
      }
    });
  }
});

Deno.test("POST /predict returns the results of predict(): a forecaster, with and without times", async () => {
  const rows = 60, columns = ["sold"];
  const values = [Float64Array.from({ length: rows }, (_, t) => 10 + Math.sin(t / 2))];
  const model = createForecaster([{ columns, values }], { horizon: 3, window: 8, quantiles: [] });
  const [{ values: [expected] }] = await predict(backend, model, [{ columns, values }]);
  await withService(model, async (ask) => {
    for (const series of [[...values[0]], { sold: [...values[0]] }]) {
      const { forecast } = await (await ask("/predict", { series })).json();
      assertEquals(forecast.map(({ step }: { step: number }) => step), [61, 62, 63]);
      assertSame(forecast.map((row: { forecast: number }) => row.forecast), [...expected]);
    }
    const long = await (await ask("/predict", { series: [...values[0]], horizon: 7 })).json();
    assertEquals(long.forecast.length, 7);
    const day = (t: number) => new Date(86_400_000 * t).toISOString().slice(0, 10);
    const time = Array.from({ length: rows }, (_, t) => day(t));
    const dated = { time, sold: [...values[0].slice(0, -1), null] };
    const answer = await (await ask("/predict", { series: dated })).json();
    assertEquals(answer.forecast.length, 3);
    for (
      const [series, problem] of [
        [5, /^series: expected columns with their numbers/],
        [{ other: [1] }, /no column "sold", only "other"/],
        [{ sold: [1], time: [] }, /"time" has 0 rows, but "sold" has 1/],
        [{ sold: "1,2" }, /"sold": expected a list, got "1,2"/],
        [{ sold: [[1]] }, /"sold": expected a number in row 1, got a list/],
        [{ sold: [1, "x", 3] }, /series:2: /],
        [{ sold: [] }, /has no rows/],
        [[1, 2], /rows/],
      ] as const
    ) {
      const response = await ask("/predict", { series });
      assertEquals(response.status, 422, JSON.stringify(series));
      assertMatch((await response.json()).error, problem);
    }
  });
});
