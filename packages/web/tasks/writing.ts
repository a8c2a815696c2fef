/**
 * The members that all language models share on the page, with labels and without.
 *
 * @module
 */
import type { LanguageModel } from "@unroll/core/texts";
import { headEquations } from "../equations.ts";
import { shared as words } from "../words/shared.ts";
import { reachOfSymbols } from "./reach_data.ts";
import type { PageTask } from "./task.ts";

/** The members that the two tasks have in common. */
export const WRITING = {
  group: words.groups.write,
  columns: ["text", "label"],
  fields: ["unit", "timeSteps"],
  isWriting: true,
  hasBaseline: false,
  isPerWord: false,
  hasChosenLabel: false,
  prediction: "candidates",
  question: words.questions.next,
  lede: words.ledes.symbols,
  noGradient: words.needs.truth,

  stripping: { html: "strip" },
  unit: ({ unit }) => unit,
  facts: ({ parameters, words: known }) => words.facts.symbols(parameters, known),
  equations: headEquations,

  settingsOf: ({ unit }) => ({ unit }),
  labels: (_, written) => written,
  isReadable: () => true, // it can also continue an empty text

  recommend: ({ recommendLanguageModel }, examples) => recommendLanguageModel(examples),
  async evaluate({ core, backend, model }, examples) {
    const { loss, accuracy } = await core.evaluate(backend, model, examples);
    return { kind: "texts", loss, accuracy, unit: model.unit };
  },
  details: () => Promise.resolve({}),
  reach: reachOfSymbols,
} as const satisfies Partial<PageTask<LanguageModel>>;
