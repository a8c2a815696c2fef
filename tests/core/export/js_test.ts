import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  CELL_NAMES,
  createLanguageModel,
  createModel,
  createMultiLabelClassifier,
  createRegressor,
  createTranslationModel,
  fitLinear,
  fitLinearLabels,
  fitLinearTagger,
  generate,
  InputError,
  letterTokenizer,
  type Model,
  type ModelOptions,
  type TokenizerOptions,
} from "@unroll/core";
import { assertPredictsAs, imported, sourceOf } from "./js.ts";

const EXAMPLES = [
  { text: "The film is good, isn't it? <b>Yes &amp; no</b>", label: "up" },
  { text: "So bad a film: no, not good! 👍 3.14", label: "down" },
  { text: "Neither\u00a0the ‘one’ nor the other, cafe\u0301 東京タワー", label: "middle" },
];
const TEXTS = [
  "the good film isn't bad",
  "",
  "Film’s nothing <i>known</i> here 3.14",
  "so so so bad 👍 and NOT middle &eacute; &Eacute;",
  ...EXAMPLES.map(({ text }) => text),
];
const TAGGED = [
  { text: "Meet Ann at noon in Paris", label: "O P O T O L" },
  { text: "call Bob , now", label: "O P O T" },
  { text: "the incomprehensibilities-of-Anna are there", label: "O P O L" },
];
const SMALL = { hidden: 7, init: "scaled" } as const;
const ERROR = { before: 0.1, after: 0.05 };

for (const cell of CELL_NAMES) {
  Deno.test(`the module of a ${cell} classifies as the model does, for any layers and inputs`, async () => {
    const options: ModelOptions[] = [
      { head: "last" },
      { head: "mean", bidirectional: true, embedding: 5 },
      { head: "max", layers: 2, embedding: 6, projection: 4 },
      { head: "mean-max", layers: 3, bidirectional: true },
      ...(cell === "rnn" ? [{ activation: "relu" } as const] : []),
    ];
    for (const own of options) {
      await assertPredictsAs(createModel(EXAMPLES, { cell, ...SMALL, ...own }), TEXTS);
    }
  });

  Deno.test(`the module of a ${cell} tags as the model does, also with letters and a CRF`, async () => {
    for (
      const own of [
        {},
        { bidirectional: true, layers: 2, embedding: 4 },
        { embedding: 4, letters: 5, crf: true },
        { embedding: 6, letters: 3, projection: 2, bidirectional: true },
      ]
    ) {
      const model = createModel(TAGGED, { cell, head: "token", ...SMALL, ...own });
      const texts = TAGGED.map(({ text }) => text);
      await assertPredictsAs(model, [...texts, "", "ANN anna“quoted” 👍 incomprehensibilities"]);
    }
  });
}

Deno.test("a module reads texts as its model does, for any tokenizer", async () => {
  const tokenizers: TokenizerOptions[] = [];
  for (const split of [undefined, "words", "spaces", "characters", "graphemes"] as const) {
    for (const lowerCase of [true, false]) {
      for (const punctuation of ["drop", "keep"] as const) {
        for (
          const own of [
            {},
            { fold: "typography" },
            { html: "strip" },
            { fold: "typography", html: "strip", maxLength: 3 },
            { maxLength: 4, truncate: "start" },
          ] as const
        ) {
          tokenizers.push({ lowerCase, punctuation, split, ...own });
        }
      }
    }
  }
  for (const tokenizer of tokenizers) {
    await assertPredictsAs(createModel(EXAMPLES, { ...SMALL, hidden: 2, tokenizer }), TEXTS);
  }
});

Deno.test("a module labels characters as its model does, and shows them as they are written", async () => {
  for (const unit of ["characters", "graphemes"] as const) {
    for (const own of [{}, { html: "strip" }, { lowerCase: true }] as const) {
      const tokenizer = { ...letterTokenizer(unit), whitespace: "drop", ...own } as const;
      const examples = [{ text: "去 北京Ａ", label: "O B I O" }];
      for (const crf of [false, true]) {
        const model = createModel(examples, {
          ...SMALL,
          head: "token",
          cell: "gru",
          crf,
          tokenizer,
        });
        model.linear = fitLinearTagger(model, examples);
        model.calibration = { network: 1.3, linear: 0.5, examples: 9, error: ERROR };
        await assertPredictsAs(model, ["去北京", " 去\n北 ", "", "Ａﬁe\u0301🇫🇷\u00ad…<b>北</b>"]);
      }
    }
  }
});

Deno.test("the module of an ensemble predicts the mean of its networks", async () => {
  const [first, second, third] = [1, 2, 3].map((seed) =>
    createModel(EXAMPLES, { ...SMALL, cell: "gru", embedding: 4, seed })
  );
  const ensemble = { ...first, ensemble: [second.weights, third.weights] };
  await assertPredictsAs(ensemble, TEXTS);
  const options = { ...SMALL, head: "token", crf: true, embedding: 3, letters: 2 } as const;
  const taggers = [1, 2].map((seed) => createModel(TAGGED, { ...options, seed }));
  taggers[0].weights.transitions.forEach((_, i, all) => all[i] = i / 7 - 1);
  await assertPredictsAs({ ...taggers[0], ensemble: [taggers[1].weights] }, [TAGGED[0].text]);
});

Deno.test("a module mixes in a linear model, and marks uncertain predictions", async () => {
  const model = createModel(EXAMPLES, { ...SMALL, cell: "gru" });
  model.linear = fitLinear(EXAMPLES, model.labels);
  const onlyBeside = sourceOf(model).length;
  await assertPredictsAs(model, TEXTS); // only a baseline, which is not mixed in
  model.calibration = { network: 0.7, linear: 0.4, examples: 9, error: ERROR };
  assert(sourceOf(model).length > onlyBeside);
  await assertPredictsAs(model, TEXTS);
  const side = { accuracy: 0.5, count: 10 };
  model.calibration.trust = { probability: 0.45, below: side, above: side };
  await assertPredictsAs(model, TEXTS);
  model.calibration.linear = 0;
  await assertPredictsAs(model, TEXTS);
});

Deno.test("the module of a tagger mixes in a linear model, with and without a CRF", async () => {
  for (const crf of [false, true]) {
    const model = createModel(TAGGED, {
      ...{ ...SMALL, head: "token", cell: "gru", crf },
      ...(crf ? { embedding: 4, letters: 3 } : {}),
    });
    model.linear = fitLinearTagger(model, TAGGED);
    const texts = [...TAGGED.map(({ text }) => text), "", "Call Zoe in Zürich"];
    for (const linear of [0.5, 0]) {
      model.calibration = { network: 1.3, linear, examples: 9, error: ERROR };
      await assertPredictsAs(model, texts);
    }
  }
});

Deno.test("the module of a multi-label model predicts any number of labels", async () => {
  const examples = [
    { text: "cheap and good", label: "price;quality" },
    { text: "cheap", label: "price" },
    { text: "good, late", label: "quality;delivery" },
  ];
  const model = createMultiLabelClassifier(examples, { ...SMALL, head: "max", embedding: 3 });
  model.thresholds = [0.4, 0.5, 0.6];
  const texts = [...examples.map(({ text }) => text), "", "good and cheap"];
  await assertPredictsAs(model, texts);
  model.linear = fitLinearLabels(model, examples);
  for (const linear of [0.5, 0]) {
    model.calibration = { network: 0.8, linear, examples: 9, error: ERROR };
    await assertPredictsAs(model, texts);
  }
});

Deno.test("the module of a regression model predicts numbers", async () => {
  const examples = [{ text: "good day", label: "5" }, { text: "bad day", label: "-1.5" }];
  const model = createRegressor(examples, { ...SMALL, cell: "lstm", bidirectional: true });
  await assertPredictsAs(model, ["good", "a day", ""]);
});

Deno.test("the module of a language model generates the model's texts", async () => {
  const texts = [
    { text: "to be,\nor not to be 👍 <b>café</b>", label: "a" },
    { text: "that is the question", label: "b c" },
  ];
  const settings = [
    { prompt: "to ", length: 30, temperature: 0 },
    { prompt: "", length: 40, seed: 3 },
    { prompt: "is", length: 25, seed: 7, temperature: 0.7, topK: 5, topP: 0.9 },
  ];
  const backend = createCpuBackend({ dtype: "float64" });
  for (
    const own of [
      { cell: "gru", unit: "characters" },
      { cell: "lstm", unit: "graphemes", layers: 2, embedding: 4, ends: false },
      { cell: "rnn", unit: "words", html: "strip" },
      { cell: "mingru", unit: "words", normalization: "plain" },
      { cell: "lnlstm", unit: "characters", fromLabel: true },
    ] as const
  ) {
    const model = createLanguageModel(texts, { hidden: 9, ...own });
    const module = await imported(sourceOf(model));
    for (const given of settings) {
      const isRead = own.unit !== "words" || given.prompt.trim() === given.prompt;
      const options = {
        ...given,
        prompt: isRead ? given.prompt : "to",
        ...("fromLabel" in own ? { label: "b c" } : {}),
      };
      let expected = "", actual = "";
      for await (const piece of generate(backend, model, options)) expected += piece;
      for (const piece of module.generate(options)) actual += piece;
      assertEquals(actual, expected, JSON.stringify([own, options]));
    }
    assertThrows(() => module.generate({ length: 0 }).next(), RangeError, "the length");
    assertThrows(
      () => module.generate({ prompt: "☃" }).next(),
      RangeError,
      "not in the vocabulary",
    );
    assertThrows(() => module.generate({ label: "z" }).next(), RangeError, "label");
  }
  backend.dispose();
});

Deno.test("the module of a translation model translates as the model does", async () => {
  const pairs = [
    { text: "12+3", label: "15" },
    { text: "7+4", label: "11" },
    { text: "20-1", label: "19" },
  ];
  for (
    const own of [
      { cell: "gru" },
      { cell: "lstm", bidirectional: true, layers: 2 },
      { cell: "rnn", attention: "none", embedding: 0 },
      { cell: "lnlstm", bidirectional: true, attention: "none" },
      { cell: "mingru", unit: "words" },
    ] as const
  ) {
    const model = createTranslationModel(pairs, { hidden: 8, embedding: 5, ...own });
    for (const options of [{}, { maxLength: 4 }, { beam: 3, maxLength: 12 }]) {
      await assertPredictsAs(model, [...pairs.map(({ text }) => text), "9?"], options);
    }
    const { predict } = await imported(sourceOf(model));
    assertThrows(() => predict(""), RangeError, "nothing to translate");
    assertThrows(() => predict("1", { beam: 99 }), RangeError, "the beam");
  }
});

Deno.test("labels and words may be JavaScript property names or HTML", async () => {
  const examples = [
    { text: "</script> constructor", label: "__proto__" },
    { text: "toString\u2028", label: "</b>'\"\\`${x}" },
  ];
  const tokenizer = { lowerCase: false, punctuation: "keep", split: "spaces" } as const;
  const model = createModel(examples, { ...SMALL, tokenizer });
  const source = sourceOf(model);
  assert(!source.includes("</script"));
  const { predict } = await imported(source);
  const { probabilities } = predict("</script>");
  assertEquals(Object.keys(probabilities).sort(), [...model.labels].sort());
  assertAlmostEquals(probabilities[model.labels[0]] + probabilities[model.labels[1]], 1, 1e-9);
});

Deno.test("a model of a custom task is refused", () => {
  for (const task of ["own", "constructor"]) {
    const model = { ...createModel(EXAMPLES, SMALL), task } as unknown as Model;
    assertThrows(() => sourceOf(model), InputError, `"${task}" cannot be exported to JavaScript`);
  }
});
