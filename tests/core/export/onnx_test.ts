import {
  type ClassificationModel,
  createForecaster,
  createLanguageModel,
  createModel,
  createMultiLabelClassifier,
  createRegressor,
  createSeriesClassifier,
  createSeriesRegressor,
  createTranslationModel,
  letterTokenizer,
  type Model,
  predict,
  type Series,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assert } from "@std/assert";
import { CELL_NAMES } from "#core/network/cells/cells.ts";
import { HEADS } from "#core/network/config.ts";
import { hourly, wholeForecaster } from "#tests/support/forecast.ts";
import { seriesCase, textCase } from "#tests/support/onnx_cases.ts";
import { type OnnxCase, randomized } from "#tests/support/onnx_feeds.ts";
import {
  checkOnnxFiles,
  findOnnxChecker,
  installOnnxRuntime,
  runOnnx,
} from "#tests/support/onnx_runtime.ts";
import { forecastCase, languageCases, translationCases } from "#tests/support/onnx_state_cases.ts";

const TOLERANCE = 1e-5;
const TEXTS = ["good", "not at all bad", "not good", "this is happy and not sad at all right"];
const EXAMPLES = TEXTS.map((text, i) => ({ text, label: i % 2 === 0 ? "up" : "down" }));
const TAGGED = TEXTS.map((text) => ({
  text,
  label: text.replace(/\S+/g, (w) => w[0] < "h" ? "A" : "B"),
}));
const CHARACTERS = TEXTS.map((text) => ({
  text,
  label: [...text.replace(/\s+/g, "")].map((c) => c.toUpperCase()).join(" "),
}));
const CHARACTER_TOKENS = { ...letterTokenizer("characters"), whitespace: "drop" } as const;
const LETTERED = TEXTS.map((text) => ({ text, label: text.replace(/\S+/g, (w) => w[0]) }));
const ASKED = [...TEXTS.slice(1), "unheard of", "", "good"];
const SMALL = { hidden: 5, init: "scaled" } as const;

/** Every cell, unidirectional and bidirectional, with one layer and two. */
const NETWORKS = CELL_NAMES.flatMap((cell) =>
  [false, true].flatMap((bidirectional) =>
    [1, 2].map((layers) => ({ ...SMALL, cell, bidirectional, layers }))
  )
);
const nameOf = ({ cell, bidirectional, layers }: (typeof NETWORKS)[number]) =>
  `${cell}, ${bidirectional ? "bidirectional" : "unidirectional"}, layers: ${layers}`;

type TextModel = Parameters<typeof textCase>[1];
const texts = (name: string, model: Model, networks = 1) =>
  textCase(name, randomized(model, networks) as TextModel, ASKED);

const ort = await installOnnxRuntime(), checker = await findOnnxChecker();
if (ort.problem) console.warn(`ONNX Runtime is not available: ${ort.problem}`);
if (!checker) console.warn("no Python here has the package onnx, so its checker does not run");
globalThis.addEventListener("unload", () => {
  if (ort.folder) Deno.removeSync(ort.folder, { recursive: true });
});

/** Tests that ONNX Runtime computes the same as core, and that the checker accepts the files. */
function sameAsHere(name: string, cases: () => Promise<OnnxCase[]>): void {
  Deno.test({
    name: `ONNX Runtime computes the same: ${name}`,
    ignore: ort.folder === undefined,
    async fn() {
      const all = await cases();
      const outputs = await runOnnx(ort.folder!, all);
      if (checker) await checkOnnxFiles(checker, ort.folder!);
      for (const [i, { name, expected }] of all.entries()) {
        for (const [output, numbers] of Object.entries(expected)) {
          const { data } = outputs[i][output];
          assert(data.length === numbers.length, `${name}: ${output} has ${data.length} values`);
          for (let k = 0; k < data.length; k++) {
            const off = Math.abs(data[k] - numbers[k]);
            assert(
              !(off > TOLERANCE),
              `${name}: ${output} at ${k} is ${data[k]}, not ${numbers[k]}`,
            );
            assert(Number.isNaN(numbers[k]) || !Number.isNaN(data[k]), `${name}: ${output} is NaN`);
          }
        }
      }
    },
  });
}

sameAsHere("classifiers of every cell, direction, depth and head", () =>
  Promise.all(
    NETWORKS.flatMap((network) =>
      HEADS.filter((head) => head !== "token").map((head) =>
        texts(
          `${nameOf(network)}, ${head}`,
          createModel(EXAMPLES, { ...network, head, embedding: 4 }),
        )
      )
    ),
  ));

sameAsHere("taggers of every cell, direction and depth", () =>
  Promise.all(
    NETWORKS.map((network) =>
      texts(nameOf(network), createModel(TAGGED, { ...network, head: "token", embedding: 4 }))
    ),
  ));

sameAsHere("one-hot words, projections, letters, CRFs and relu", () => {
  const gru = { ...SMALL, cell: "gru" } as const,
    tagger = { ...gru, head: "token", embedding: 4 } as const;
  return Promise.all([
    ...CELL_NAMES.map((cell) =>
      texts(`one-hot ${cell}`, createModel(EXAMPLES, { ...SMALL, cell }))
    ),
    texts("relu", createModel(EXAMPLES, { ...SMALL, activation: "relu", bidirectional: true })),
    texts("projection", createModel(EXAMPLES, { ...gru, embedding: 4, projection: 3 })),
    texts("letters", createModel(TAGGED, { ...tagger, letters: 3, bidirectional: true })),
    texts("letters and projection", createModel(TAGGED, { ...tagger, letters: 3, projection: 2 })),
    texts("CRF", createModel(LETTERED, { ...tagger, crf: true })),
    texts(
      "labeled characters",
      createModel(CHARACTERS, { ...tagger, tokenizer: CHARACTER_TOKENS }),
    ),
    texts("ensemble with CRFs", createModel(LETTERED, { ...tagger, crf: true, letters: 2 }), 2),
  ]);
});

sameAsHere("multi-label, regression, and ensembles", () => {
  const network = { ...SMALL, cell: "lstm", embedding: 4, head: "max" } as const;
  const numbers = TEXTS.map((text, i) => ({ text, label: `${i}` }));
  return Promise.all([
    texts("multi-label", createMultiLabelClassifier(EXAMPLES, network)),
    texts("regression", createRegressor(numbers, network)),
    texts("ensemble", createModel(EXAMPLES, network), 3),
    texts("ensemble of letters", createModel(TAGGED, { ...network, head: "token", letters: 3 }), 2),
    texts("ensemble of regressors", createRegressor(numbers, network), 2),
  ]);
});

/** Returns a case whose probabilities are compared with those of `predict`. */
async function withProbabilities(name: string, model: Model, asked: string[]): Promise<OnnxCase> {
  const backend = createCpuBackend({ dtype: "float64" });
  const answers = await predict(backend, model as ClassificationModel, asked);
  const probabilities = answers.flatMap((each) => model.labels.map((c) => each.probabilities[c]));
  const own = await textCase(name, model as TextModel, asked);
  return { ...own, expected: { ...own.expected, probabilities } };
}

sameAsHere("probabilities with and without a temperature, of many texts and of one", () => {
  const network = { ...SMALL, cell: "gru", head: "mean" } as const;
  const calibration = { network: 0.4, linear: 0, examples: 40, error: { before: 0, after: 0 } };
  const classifier = randomized(createModel(EXAMPLES, network));
  const several = randomized(createMultiLabelClassifier(EXAMPLES, network));
  return Promise.all([
    withProbabilities("classifier", classifier, ASKED),
    withProbabilities("tempered classifier", { ...classifier, calibration }, ASKED),
    withProbabilities("one text", classifier, ["good"]),
    withProbabilities("multi-label", several, ASKED),
    withProbabilities("tempered multi-label", { ...several, calibration }, ASKED.slice(0, 1)),
  ]);
});

/** Returns series of different lengths. */
const SERIES: Series[] = [7, 12, 3, 9].map((rows, i) => ({
  columns: ["x", "y"],
  values: [0, 1].map((k) =>
    Float64Array.from({ length: rows }, (_, t) => 1000 * k + Math.sin(t + i + 2 * k))
  ),
  label: `${i % 2}`,
}));

sameAsHere("series of every cell, direction, depth and head", () =>
  Promise.all(
    NETWORKS.flatMap((network) =>
      HEADS.filter((head) => head !== "token").map((head, i) => {
        const options = { ...network, head, segment: 1 + i }, name = `${nameOf(network)}, ${head}`;
        return seriesCase(name, randomized(createSeriesClassifier(SERIES, options)), SERIES);
      }).concat(
        seriesCase(
          `${nameOf(network)}, regression`,
          randomized(createSeriesRegressor(SERIES, { ...network, segment: 2 })),
          SERIES,
        ),
      )
    ),
  ));

sameAsHere("language models, with states as inputs and outputs", async () => {
  const options = CELL_NAMES.flatMap((cell) =>
    [1, 2].flatMap((layers) => [0, 3].map((embedding) => ({ ...SMALL, cell, layers, embedding })))
  );
  const cases = await Promise.all(options.map((each) =>
    languageCases(
      `${each.cell}, layers: ${each.layers}, embedding ${each.embedding}`,
      randomized(createLanguageModel(EXAMPLES, each)),
      [[1, 2, 3, 4], [4, 0, 2, 2], [5, 1, 1, 3]],
    )
  ));
  return cases.flat();
});

sameAsHere("translation models in two files, with and without attention", async () => {
  const options = NETWORKS.flatMap((network) =>
    (["dot", "none"] as const).map((attention) => ({ ...network, attention, embedding: 3 }))
  );
  const cases = await Promise.all(options.map((each) =>
    translationCases(
      `${nameOf(each)}, attention ${each.attention}`,
      randomized(createTranslationModel(EXAMPLES, each)),
      [[1, 2, 3], [4, 0, 2, 2, 6], [5]],
      [[4, 1, 2], [4, 3, 0], [4, 2, 2]],
    )
  ));
  return cases.flat();
});

sameAsHere("forecasters of every cell and depth", async () => {
  const series = hourly(60);
  const models = CELL_NAMES.flatMap((cell) =>
    [1, 2].flatMap((
      layers,
    ) => [
      wholeForecaster({ cell, layers }),
      wholeForecaster({ cell, layers, hidden: 1, horizon: 6 }),
    ])
  );
  const plain = createForecaster([{ ...series, columns: ["a"], values: [series.values[0]] }], {
    horizon: 4,
    window: 8,
    hidden: 6,
    quantiles: [],
  });
  return await Promise.all([
    forecastCase("one column", randomized(plain), series),
    forecastCase("with logarithms", randomized(wholeForecaster({ log: true })), series),
    ...models.map((model) =>
      forecastCase(
        `${model.config.cell}, layers: ${model.config.layers}`,
        randomized(model),
        series,
      )
    ),
  ]);
});
