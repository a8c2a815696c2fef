// The files of models that read or predict numbers: their tensors have the names and shapes of
// torch.nn modules, so that load_state_dict(strict=True) accepts them.
import {
  createForecaster,
  createMultiLabelClassifier,
  createRegressor,
  createSeriesClassifier,
  createSeriesRegressor,
  InputError,
  type Model,
  readModel,
  type Series,
  writeModel,
} from "@unroll/core";
import { assertEquals, assertRejects } from "@std/assert";

const TEXTS = [{ text: "good day", label: "1" }, { text: "bad", label: "2;1" }];
const NUMBERS = [{ text: "good day", label: "1" }, { text: "bad", label: "2.5" }];
const SERIES: Series[] = ["1", "2"].map((label, i) => ({
  columns: ["x", "y"],
  values: [0, 1].map((c) => Float64Array.from({ length: 40 }, (_, t) => Math.sin(t * (i + c + 1)))),
  label,
}));

/** Returns the tensors of a torch.nn.GRU, LSTM or RNN of these sizes, in one direction. */
function rnn(gates: number, inputs: number, hidden: number, layer = 0, more = ""): Shapes {
  return {
    [`rnn.weight_ih_l${layer}${more}`]: [gates * hidden, inputs],
    [`rnn.weight_hh_l${layer}${more}`]: [gates * hidden, hidden],
    [`rnn.bias_ih_l${layer}${more}`]: [gates * hidden],
    [`rnn.bias_hh_l${layer}${more}`]: [gates * hidden],
  };
}

type Shapes = Record<string, number[]>;

const head = (outputs: number, inputs: number): Shapes => ({
  "head.weight": [outputs, inputs],
  "head.bias": [outputs],
});

const CASES: [name: string, model: () => Model, shapes: Shapes][] = [
  [
    "forecast",
    () =>
      createForecaster(SERIES.slice(0, 1), {
        ...{ targets: ["x"], features: ["y"], horizon: 5, window: 8, segment: 4, hidden: 6 },
        ...{ layers: 2, season: 1 },
      }),
    {
      "segment.weight": [6, 8],
      "segment.bias": [6],
      ...rnn(3, 6, 6),
      ...rnn(3, 6, 6, 1),
      "position.weight": [2, 3],
      "column.weight": [1, 3],
      ...head(4 * 3, 6),
    },
  ],
  [
    "forecast with a column known ahead",
    () =>
      createForecaster(SERIES.slice(0, 1), {
        ...{ targets: ["x"], knownAhead: ["y"], horizon: 5, window: 8, segment: 4, hidden: 6 },
        ...{ cell: "lstm", quantiles: [], season: 1 },
      }),
    {
      "segment.weight": [6, 8],
      "segment.bias": [6],
      ...rnn(4, 6, 6),
      "position.weight": [2, 3],
      "column.weight": [1, 3],
      "known.weight": [6, 4],
      ...head(4, 6),
    },
  ],
  [
    "series-classification",
    () => createSeriesClassifier(SERIES, { hidden: 5, segment: 2 }),
    { ...rnn(3, 8, 5), ...rnn(3, 8, 5, 0, "_reverse"), ...head(2, 20) },
  ],
  [
    "regression of series",
    () => createSeriesRegressor(SERIES, { hidden: 5, cell: "lstm", bidirectional: false }),
    { ...rnn(4, 4, 5), ...head(1, 10) },
  ],
  [
    "regression of texts",
    () => createRegressor(NUMBERS, { cell: "gru", hidden: 5, embedding: 3, head: "mean-max" }),
    { "embedding.weight": [4, 3], ...rnn(3, 3, 5), ...head(1, 10) },
  ],
  [
    "multi-label",
    () => createMultiLabelClassifier(TEXTS, { cell: "rnn", hidden: 5, head: "max" }),
    { ...rnn(1, 4, 5), ...head(2, 5) },
  ],
];

for (const [name, create, shapes] of CASES) {
  Deno.test(`the tensors in a file have PyTorch's names and shapes: ${name}`, async () => {
    const model = create(), bytes = writeModel(model);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    delete header.__metadata__;
    const found = Object.entries<{ shape: number[] }>(header)
      .map(([tensor, { shape }]) => [tensor, shape]);
    assertEquals(Object.fromEntries(found), shapes);
    assertEquals(await readModel(new Blob([bytes])), model);
  });
}

Deno.test("a file keeps the column names of the data, and refuses invalid ones", async () => {
  const dataColumns = { time: "tick", series: "id", label: "kind", layout: "long" } as const;
  for (const model of [CASES[0][1](), CASES[2][1](), CASES[3][1]()]) {
    const named = { ...model, dataColumns } as Model;
    assertEquals(await readModel(new Blob([writeModel(named)])), named);
  }
  for (const odd of [{ time: 3 }, { layout: "tall" }, { color: "red" }, ["id"]]) {
    const damaged = { ...CASES[2][1](), dataColumns: odd } as unknown as Model;
    await assertRejects(
      () => readModel(new Blob([writeModel(damaged)]), "m.safetensors"),
      InputError,
      "m.safetensors: is damaged: its dataColumns should be names",
    );
  }
});
