// Models of every task and form to draw. `deno run --allow-write=tests/golden
// tests/support/drawing_cases.ts` writes the expected drawings.
import {
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
  type Series,
} from "@unroll/core";
import { drawNetwork } from "#cli/tasks/drawings.ts";

const TEXTS = [{ text: "good day", label: "up" }, { text: "bad", label: "down" }];
const TAGS = [{ text: "Ann is here", label: "B-PER O O" }, { text: "so", label: "O" }];
const SETS = [{ text: "good day", label: "1" }, { text: "bad", label: "2;1" }];
const NUMBERS = [{ text: "good day", label: "1" }, { text: "bad", label: "2.5" }];
const PAIRS = [{ text: "1+2", label: "3" }, { text: "2+2", label: "4" }];
const SERIES: Series[] = ["1", "2"].map((label, i) => ({
  columns: ["x", "y"],
  values: [0, 1].map((c) => Float64Array.from({ length: 40 }, (_, t) => Math.sin(t * (i + c + 1)))),
  label,
}));

/** Returns an ensemble of a model and its copy. */
function twice<M extends Model>(model: M): M {
  return { ...model, ensemble: [model.weights] };
}

/** Returns a classifier with a network and a linear model. */
function mixed(): Model {
  const model = createModel(TEXTS, { cell: "gru", hidden: 8, embedding: 4, frozen: true });
  const none = new Float32Array(0), numbers = new Float32Array(120);
  return {
    ...model,
    linear: {
      ngrams: [{ kind: "words", buckets: numbers, idf: numbers }],
      weight: none,
      bias: none,
    },
    calibration: {
      network: 0.75,
      linear: 1.25,
      examples: 10,
      error: { before: 0.1, after: 0.05 },
    },
  };
}

/** The models, by what each is an example of. */
export const DRAWN: Readonly<Record<string, () => Model>> = {
  "the article's network": () => createModel(TEXTS),
  "a classifier in both directions": () =>
    createModel(TEXTS, {
      ...{ cell: "lstm", hidden: 64, layers: 2, bidirectional: true, embedding: 32 },
      ...{ dropout: 0.3, head: "mean-max", projection: 16 },
    }),
  "a classifier with a linear model beside it": mixed,
  "a classifier on letters": () =>
    createModel(TEXTS, { hidden: 8, tokenizer: letterTokenizer("characters") }),
  "an ensemble": () => twice(createModel(TEXTS, { cell: "mingru", hidden: 5, head: "max" })),
  "a tagger that reads letters, with a CRF": () =>
    createModel(TAGS, {
      ...{ cell: "gru", hidden: 32, bidirectional: true, embedding: 24, letters: 25 },
      ...{ head: "token", crf: true },
    }),
  "a tagger": () => createModel(TAGS, { cell: "lnlstm", hidden: 8, head: "token" }),
  "a multi-label classifier": () =>
    createMultiLabelClassifier(SETS, { cell: "gru", hidden: 8, head: "mean" }),
  "a regression model": () => createRegressor(NUMBERS, { cell: "gru", hidden: 8 }),
  "a language model": () =>
    createLanguageModel([{ text: "abracadabra" }], { layers: 2, hidden: 16 }),
  "a translation model": () =>
    createTranslationModel(PAIRS, { hidden: 16, bidirectional: true, embedding: 8 }),
  "a translation model without attention": () =>
    createTranslationModel(PAIRS, { hidden: 16, embedding: 0, attention: "none" }),
  "a forecaster": () =>
    createForecaster(SERIES.slice(0, 1), {
      ...{ targets: ["x"], features: ["y"], horizon: 5, window: 8, segment: 4, hidden: 6 },
      ...{ layers: 2, season: 1 },
    }),
  "a forecaster that knows what is ahead": () => ({
    ...createForecaster(SERIES.slice(0, 1), {
      ...{ targets: ["x"], knownAhead: ["y"], horizon: 4, window: 4, segment: 1, hidden: 6 },
      ...{ cell: "lstm", season: 1 },
    }),
    blend: { naive: "seasonal naive", weight: 0.6 },
    band: { windows: 20, apart: 5, parts: 1, factors: [[1], [1]], margins: [[0], [0]] },
  }),
  "a series classifier": () => createSeriesClassifier(SERIES, { hidden: 8, segment: 2 }),
  "a series regression model": () => createSeriesRegressor(SERIES, { hidden: 8 }),
};

/** Returns all drawings as one text. */
export function drawings(): string {
  return Object.entries(DRAWN)
    .map(([name, model]) => `# ${name}\n\n${drawNetwork(model()).join("\n")}\n`)
    .join("\n");
}

if (import.meta.main) {
  await Deno.writeTextFile(new URL("../golden/drawings.txt", import.meta.url), drawings());
}
