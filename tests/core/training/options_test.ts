import { createCpuBackend } from "@unroll/backend-cpu";
import {
  createLanguageModel,
  createModel,
  createTranslationModel,
  type Example,
  generate,
  InputError,
  type Model,
  predict,
  settleOptions,
  splitDocuments,
  splitExamples,
  train,
} from "@unroll/core";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";

const backend = createCpuBackend();
const examples: Example[] = [
  { text: "good day", label: "up" },
  { text: "bad day", label: "down" },
];
const classifier = createModel(examples, { hidden: 2 });
const languageModel = createLanguageModel(examples, { hidden: 2 });
const translator = createTranslationModel(examples, { hidden: 2 });

/** Options that the types forbid, but that JavaScript callers can pass. */
// deno-lint-ignore no-explicit-any
type Loose = any;

const trains = (model: Model) => (options: Loose) => train(backend, model, examples, options);
const creates = {
  classifier: (options: Loose) => createModel(examples, options),
  languageModel: (options: Loose) => createLanguageModel(examples, options),
  translator: (options: Loose) => createTranslationModel(examples, options),
};

const refusals: [call: (options: Loose) => unknown, options: unknown, says: string][] = [
  [trains(classifier), { epoch: 3 }, 'train() has no option "epoch"; did you mean "epochs"?'],
  [trains(classifier), { "batch-size": 3 }, 'no option "batch-size"; did you mean "batchSize"?'],
  [trains(classifier), { LEARNINGRATE: 3 }, 'did you mean "learningRate"?'],
  [
    trains(classifier),
    { color: "red" },
    'train() has no option "color"; its options are epochs, batch',
  ],
  [trains(classifier), "fast", "train() expects an object with epochs, batchSize, learningRate"],
  [trains(classifier), null, "train() expects an object with epochs"],
  [
    trains(classifier),
    { teacherForcing: 0.2 },
    'train(): the option "teacherForcing" is for translation models',
  ],
  [trains(classifier), { optimizer: { dense: "no" } }, 'dense must be true or false, got "no"'],
  [trains(classifier), { timeSteps: 0 }, "BPTT length (time steps) must be a whole number of at"],
  [
    trains(classifier),
    { teacherForcng: 1 },
    'has no option "teacherForcng"; did you mean "teacherForcing", which is for translation models?',
  ],
  [
    trains(languageModel),
    { labelWeights: { nosuch: 5 } },
    'train(): the option "labelWeights" is for classification models',
  ],
  [trains(languageModel), { teacherForcing: 0.2 }, "is for translation models"],
  [trains(translator), { labelWeights: "balanced" }, "is for classification models"],
  [trains(translator), { timeSteps: 5 }, "is for classification models and language models"],
  [
    trains(classifier),
    { labelWeights: 3 },
    'must be "balanced" or a number for each label, got 3',
  ],
  [trains(classifier), { labelWeights: "even" }, 'must be "balanced" or a number for each label'],
  [trains(classifier), { shuffle: "no" }, 'shuffle must be true or false, got "no"'],
  [trains(classifier), { validation: 0.2 }, "validation must be a list of examples, got 0.2"],
  [trains(classifier), { test: "t.csv" }, 'test must be a list of examples, got "t.csv"'],

  [
    trains(classifier),
    { optimizer: { momentun: 0.9 } },
    'the optimizer has no option "momentun"; did you mean "momentum"?',
  ],
  [
    trains(classifier),
    { optimizer: "adam" },
    "the optimizer expects an object with name, momentum",
  ],
  [
    trains(classifier),
    { optimizer: { name: "adam", momentum: 0.9 } },
    'the optimizer\'s option "momentum" is for sgd, got adam',
  ],
  [trains(classifier), { optimizer: { alpha: 0.9 } }, '"alpha" is for rmsprop, got sgd'],
  [trains(classifier), { optimizer: { betas: [0.9, 0.9] } }, '"betas" is for adam, adamw, got sgd'],
  [
    trains(classifier),
    { optimizer: { name: "adam", betas: [0.9] } },
    'the betas must be two numbers, got "[0.9]"',
  ],
  [
    trains(classifier),
    { schedule: { warmup: 3 } },
    'the schedule has no option "warmup"; did you mean "warmUp"?',
  ],
  [trains(classifier), { schedule: "cosine" }, "the schedule expects an object with name, every"],
  [
    trains(classifier),
    { schedule: { name: "cosine", every: 3 } },
    'the schedule\'s option "every" is for step and plateau, got cosine',
  ],
  [
    trains(classifier),
    { schedule: { factor: 0.1 } },
    '"factor" is for step and plateau, got const',
  ],

  [
    creates.classifier,
    { hiden: 8 },
    'createModel() has no option "hiden"; did you mean "hidden"?',
  ],
  [
    creates.classifier,
    { unit: "words" },
    'createModel(): the option "unit" is for language models and translation models',
  ],
  [creates.classifier, { attention: "dot" }, '"attention" is for translation models'],
  [creates.classifier, { ends: true }, '"ends" is for language models'],
  [
    creates.classifier,
    { init: "small" },
    'the initial weights must be one of tiny, scaled, orthogonal, got "small"',
  ],
  [
    creates.classifier,
    { tokenizer: { lowercase: true, punctuation: "keep" } },
    'the tokenizer has no option "lowercase"; did you mean "lowerCase"?',
  ],
  [
    creates.classifier,
    { tokenizer: { lowerCase: true } },
    "the tokenizer's punctuation must be one of drop, keep, got undefined",
  ],
  [
    creates.classifier,
    { tokenizer: { lowerCase: 1, punctuation: "keep" } },
    "the tokenizer's lowerCase must be true or false",
  ],
  [
    creates.classifier,
    { tokenizer: { lowerCase: true, punctuation: "keep", split: "lines" } },
    `the tokenizer's split must be one of words, spaces, characters, graphemes, got "lines"`,
  ],
  [
    creates.languageModel,
    { bidirectional: true },
    'createLanguageModel(): the option "bidirectional" is for classification, tagging and translation models',
  ],
  [
    creates.languageModel,
    { head: "max" },
    'the option "head" is for classification and tagging models',
  ],
  [
    creates.languageModel,
    { minCount: 2 },
    'the option "minCount" is for classification and tagging models',
  ],
  [creates.languageModel, { limits: 9 }, 'no option "limits"; did you mean "limit"?'],
  [creates.languageModel, { fromLabel: 1 }, "fromLabel must be true or false, got 1"],
  [creates.languageModel, { init: "small" }, "the initial weights must be"],
  [
    creates.translator,
    { fromLabel: true },
    'createTranslationModel(): the option "fromLabel" is for language models',
  ],
  [
    creates.translator,
    { frozen: true },
    'the option "frozen" is for classification and tagging models',
  ],
  [creates.translator, { atention: "dot" }, 'no option "atention"; did you mean "attention"?'],
  [
    (options) => splitExamples(examples, 0.5, options),
    { seeds: 2 },
    'splitExamples() has no option "seeds"; did you mean "seed"?',
  ],
  [
    (options) => splitDocuments(examples, 0.5, options),
    { byLabels: true },
    'splitDocuments() has no option "byLabels"; did you mean "byLabel"?',
  ],
];

for (const [call, options, says] of refusals) {
  Deno.test(`${JSON.stringify(options)} is refused: ${says}`, () => {
    assertThrows(() => call(options), InputError, says);
  });
}

Deno.test("generate() and predict() refuse unknown options", async () => {
  await assertRejects(
    () => Array.fromAsync(generate(backend, languageModel, { temprature: 0 } as Loose)),
    InputError,
    'generate() has no option "temprature"; did you mean "temperature"?',
  );
  await assertRejects(
    () => predict(backend, translator, ["good"], { beams: 2 } as Loose),
    InputError,
    'predict() has no option "beams"; did you mean "beam"?',
  );
});

Deno.test("options that are undefined count as not given", async () => {
  const none = { labelWeights: undefined, teacherForcing: undefined, timeSteps: undefined };
  for (const model of [classifier, languageModel, translator]) {
    await Array.fromAsync(train(backend, model, examples, { ...none, epochs: 1 }));
  }
  const { config } = createModel(examples, { hidden: 2, attention: undefined } as Loose);
  assertEquals(config.hidden, 2);
  const optimizer = { name: "adam", momentum: undefined } as const;
  const schedule = { name: "cosine", every: undefined } as const;
  await Array.fromAsync(train(backend, classifier, examples, { optimizer, schedule, epochs: 1 }));
});

Deno.test("a model's configuration is accepted for another model of its task", () => {
  assertEquals(createModel(examples, classifier.config).config, classifier.config);
  assertEquals(createLanguageModel(examples, languageModel.config).config, languageModel.config);
  assertEquals(createTranslationModel(examples, translator.config).config, translator.config);
});

Deno.test("an optimizer and a schedule with all defaults filled in are accepted again", () => {
  for (const name of ["sgd", "rmsprop", "adam", "adamw"] as const) {
    for (const schedule of ["constant", "step", "cosine"] as const) {
      const settled = settleOptions({ optimizer: { name }, schedule: { name: schedule } });
      const again = settleOptions({ optimizer: settled.optimizer, schedule: settled.schedule });
      assertEquals(again, settled);
    }
  }
});

Deno.test("an optimizer's dense steps are recorded", () => {
  assertEquals(settleOptions({ optimizer: { name: "adam", dense: true } }).optimizer.dense, true);
  const { optimizer } = settleOptions({ optimizer: { name: "adam", dense: false } });
  assertEquals(Object.hasOwn(optimizer, "dense"), false);
});
