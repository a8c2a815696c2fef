/**
 * Translation on the page: a text into another one.
 *
 * @module
 */
import type { TranslationModel } from "@unroll/core/texts";
import { decoderEquations } from "../equations.ts";
import { networkOf } from "../network_settings.ts";
import { shared as words } from "../words/shared.ts";
import { reachOfSymbols } from "./reach_data.ts";
import type { PageTask } from "./task.ts";

const STRIPPING = { html: "strip" } as const;

/** The task of pairs of texts. */
export const translation: PageTask<TranslationModel> = {
  name: "translate",
  flag: "translate",
  group: words.groups.translate,
  choice: words.tasks.pairs,
  data: "pairs",
  columns: ["source", "target"],
  fields: ["unit", "attention", "bidirectional"],
  isWriting: false,
  hasBaseline: false,
  isPerWord: false,
  hasChosenLabel: false,
  prediction: "translation",
  question: words.questions.translate,
  lede: words.ledes.pairs,
  noGradient: words.needs.pairs,

  stripping: STRIPPING,
  unit: ({ unit }) => unit,
  facts: ({ parameters, words: known }) => words.facts.symbols(parameters, known),
  equations: decoderEquations,

  models: "translate",
  settingsOf: ({ unit, attention }) => ({ unit, attention }),
  labels: () => [],
  knows: () => true,
  readFor: () => undefined,
  target: (label) => label,
  isReadable: (_, __, text) => text.trim() !== "",

  settle: () => "translate",
  recommend: ({ recommendTranslation }, examples) => recommendTranslation(examples),
  split: ({ splitExamples }, examples, fraction, { seed }) =>
    splitExamples(examples, fraction, { seed, byLabel: false }),
  create({ createTranslationModel }, settings, examples) {
    const { unit, attention, stripHtml } = settings;
    const own = { unit, attention, ...(stripHtml ? STRIPPING : {}) };
    return createTranslationModel(examples, { ...networkOf(settings), ...own });
  },
  async evaluate({ core, backend, model }, examples) {
    return { kind: "pairs", evaluation: await core.evaluate(backend, model, examples) };
  },
  async details({ core, backend, model }, { text, maxWords: maxLength }) {
    const [translation] = await core.predict(backend, model, [text], { maxLength });
    return { translation };
  },
  answers: {
    names: ["target", "probability"],
    of: ({ target, probability, unknown }) => ({ values: [target, probability], unknown }),
  },
  reach: reachOfSymbols,
};
