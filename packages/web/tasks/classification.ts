/**
 * Classification on the page: one label for each text.
 *
 * @module
 */
import type { ClassificationModel, Head } from "@unroll/core/texts";
import { headEquations } from "../equations.ts";
import { networkOf, sparseFlags } from "../network_settings.ts";
import type { Settings } from "../settings.ts";
import { shared as words } from "../words/shared.ts";
import { longExample, someOf } from "./reach_data.ts";
import type { PageTask } from "./task.ts";

const MAX_LEFT_OUT = 30; // words of a text that are left out one at a time

// The tokenizer of new classifiers, with HTML stripped.
const STRIPPING = {
  tokenizer: { lowerCase: true, punctuation: "drop", fold: "typography", html: "strip" },
} as const;

const strippingOf = ({ stripHtml }: Settings) => stripHtml ? STRIPPING : {};

/** The task of sentences with one label each. */
export const classification: PageTask<ClassificationModel> = {
  name: "classification",
  group: words.groups.classify,
  choice: words.tasks.labels,
  data: "labels",
  columns: ["text", "label"],
  fields: ["head", "bidirectional"],
  isWriting: false,
  hasBaseline: true,
  isPerWord: false,
  hasChosenLabel: true,
  prediction: "label",
  question: words.questions.label,
  lede: words.ledes.words,
  noGradient: words.needs.truth,

  suits: (head) => head !== "token",
  stripping: STRIPPING,
  unit: () => "words",
  flagsOfOwn: ({ validation, ...settings }, isNew) => [
    ...(isNew ? ["--unit words"] : []),
    "--baseline no",
    ...(validation > 0 ? ["--no-refit"] : []),
    ...sparseFlags(settings),
  ],
  facts: ({ parameters, words: known, labels }) =>
    words.facts.words(parameters, known, labels.length),
  equations: headEquations,

  models: "classification",
  settingsOf: () => ({}),
  labels: ({ labels }) => labels,
  knows: ({ labels }, _, { label = "" }) => labels.includes(label),
  readFor: () => undefined,
  target: (label) => label,
  isReadable: ({ tokenize }, { tokenizer }, text) => tokenize(text, tokenizer).length > 0,

  settle(examples, hasTags) { // labels that match every text word for word are tags
    const count = (text = "") => text.trim().split(/\s+/u).length;
    const isTagging = (hasTags || examples.some(({ label }) => count(label) > 1)) &&
      examples.every(({ text, label }) => count(text) === count(label));
    return isTagging ? "tagging" : "classification";
  },
  recommend: ({ recommend }, examples) => recommend(examples),
  split: ({ splitExamples }, examples, fraction, { seed }) =>
    splitExamples(examples, fraction, { seed, byLabel: true }),
  create({ createModel }, settings, examples) {
    const head = settings.head as Exclude<Head, "token">; // the head token belongs to tagging
    return createModel(examples, { ...networkOf(settings), head, ...strippingOf(settings) });
  },
  async evaluate({ core, backend, model }, examples) {
    return { kind: "labels", evaluation: await core.evaluate(backend, model, examples) };
  },
  async details({ core, backend, model }, { words, isCareful }) {
    if (!isCareful || words.length < 2 || words.length > MAX_LEFT_OUT) return {};
    const texts = words.map((_, t) =>
      core.joinTokens(words.filter((_, i) => i !== t), model.tokenizer)
    );
    const predictions = await core.predict(backend, model, texts);
    return {
      without: predictions.map(({ probabilities }) =>
        model.labels.map((label) => probabilities[label])
      ),
    };
  },
  answers: {
    names: ["label", "probability"],
    of: ({ label, probabilities, words, unknownWords: unknown }) =>
      unknown.length < words
        ? { label, values: [label, probabilities[label]], unknown }
        : { unknown },
  },
  reach(_, { tokenizer }, examples, length) {
    const some = someOf(examples);
    const long = longExample(some, length);
    return { examples: some, tokenizer, long, own: long };
  },
};
