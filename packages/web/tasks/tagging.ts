/**
 * Tagging on the page: a label for each word of a text.
 *
 * @module
 */
import type { Example, Tag, TaggingModel } from "@unroll/core/texts";
import { headEquations } from "../equations.ts";
import { networkOf, sparseFlags } from "../network_settings.ts";
import { shared as words } from "../words/shared.ts";
import { longTagged, someOf } from "./reach_data.ts";
import type { PageTask } from "./task.ts";

// The tokenizer of new taggers, with HTML stripped.
const STRIPPING = {
  tokenizer: {
    lowerCase: true,
    punctuation: "keep",
    split: "spaces",
    fold: "typography",
    html: "strip",
  },
} as const;

/** The task of sentences with a label for each word. */
export const tagging: PageTask<TaggingModel> = {
  name: "tagging",
  group: words.groups.tag,
  data: "labels",
  columns: ["text", "label"],
  fields: ["head", "bidirectional"],
  isWriting: false,
  hasBaseline: false,
  isPerWord: true,
  hasChosenLabel: false,
  prediction: "tag",
  question: words.questions.tag,
  lede: words.ledes.tags,
  noGradient: words.needs.tags,

  suits: (head) => head === "token",
  stripping: STRIPPING,
  unit: () => "words",
  flagsOfOwn: (settings, isNew) => [
    ...(isNew ? ["--letters 0", "--no-crf"] : []),
    "--baseline no",
    ...sparseFlags(settings),
  ],
  facts: ({ parameters, words: known, labels }) =>
    words.facts.words(parameters, known, labels.length),
  equations: headEquations,

  models: "tagging",
  settingsOf: () => ({}),
  labels: () => [],
  knows: ({ labels }, _, { label = "" }) =>
    label.trim().split(/\s+/).every((tag) => labels.includes(tag)),
  readFor: () => undefined,
  target: (label) => label,
  isReadable: ({ tokenize }, { tokenizer }, text) => tokenize(text, tokenizer).length > 0,

  settle: () => "tagging",
  recommend({ recommend }, examples) {
    const { network, ...rest } = recommend(examples);
    return { network: { ...network, head: "token" }, ...rest };
  },
  split: ({ splitExamples }, examples, fraction, { seed }) =>
    splitExamples(examples, fraction, { seed, byLabel: false }),
  create: ({ createModel }, settings, examples) =>
    createModel(examples, {
      ...networkOf(settings),
      head: "token",
      ...(settings.stripHtml ? STRIPPING : {}),
    }),
  async evaluate({ core, backend, model }, examples) {
    return { kind: "labels", evaluation: await core.evaluate(backend, model, examples) };
  },
  details: () => Promise.resolve({}),
  answers: {
    names: ["words", "labels"],
    of(tags) {
      const unknown = tags.filter(({ known }) => !known).map(({ word }) => word);
      const joined = (of: (tag: Tag) => string) => tags.map(of).join(" ");
      const values = [joined(({ word }) => word), joined(({ label }) => label)];
      return unknown.length < tags.length ? { values, unknown } : { unknown };
    },
  },
  reach(_, { tokenizer }, examples, length) {
    const some = someOf(examples);
    const own = longTagged(some, length);
    return { examples: some.map(lastTag), tokenizer, long: lastTag(own), own };
  },
};

/** Turns a tagged sentence into one with a single label, that of its last word. */
function lastTag({ text, label = "" }: Example): Example {
  return { text, label: label.trim().split(/\s+/).at(-1)! };
}
