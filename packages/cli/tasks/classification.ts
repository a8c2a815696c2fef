/**
 * Training to classify texts, or the words in them.
 *
 * @module
 */
import {
  createModel,
  evaluate,
  type Evaluation,
  type Example,
  InputError,
  type Model,
  type ModelOptions,
  predict,
  recommend,
  splitExamples,
  type Tag,
  tag,
  tokenize,
  type Verdict,
} from "@unroll/core";
import { loadVectors, readExamples } from "../files/files.ts";
import { defined, makePlan } from "../run/plan.ts";
import { reportPage } from "../output/report_page.ts";
import { describeConfused, describeCount, describeMistakes, wordsIn } from "../output/review.ts";
import type { Task } from "./task.ts";
import {
  few,
  figure,
  LABEL,
  padEnd,
  percent,
  printable,
  shellWord,
  TEXT,
  widest,
} from "../output/terminal.ts";
import type { RunSettings } from "../flags/train_flags.ts";
import { countsOf, nameOf, SET_NAMES, type Told } from "../output/train_report.ts";

const SHOWN = 5; // predictions that are printed

/** To classify texts. */
export const classification: Task = {
  read: readExamples,
  plan(all, settings, known) {
    // Without data of one's own it is the article's run, for which core has the defaults.
    const advice = settings.data === undefined
      ? { network: {}, training: {}, validation: 0 }
      : recommend(all);
    const network = networkOf(settings, advice.network);
    const byLabel = (known ? known.config.head : network.head) !== "token";
    return makePlan(all, settings, {
      advice,
      split: (share) => splitExamples(all, share, { seed: settings.seed, byLabel }),
      create: (examples) => freshModel(examples, settings, network),
    }, known);
  },
  table: (model, sets) => ({
    start: `Training ${nameOf(model)} on ${countsOf("sentences", sets)}: ` +
      `${model.vocabulary.length - 1} words, ${model.labels.length} labels.`,
    record: { words: model.vocabulary.length - 1, labels: model.labels },
    unit: "sentences",
    columns: ["loss", "accuracy"],
    cells: ({ loss, accuracy }) => [figure(loss, 4), percent(accuracy)],
  }),
  async results(backend, model, measured, on) {
    const isTagger = model.config.head === "token";
    const some = measured.slice(0, SHOWN), texts = some.map(({ text }) => text);
    const told = isTagger
      ? tellTags(await tag(backend, model, texts), some)
      : tellVerdicts(await predict(backend, model, texts), some);
    if (on === undefined) return told;
    const evaluation = await evaluate(backend, model, measured);
    const review = tellReview(evaluation, on, measured.length, isTagger);
    return {
      lines: [...told.lines, ...review.lines],
      records: [...told.records, ...review.records],
    };
  },
  async page(backend, model, { title, events, measured }) {
    const evaluation = await evaluate(backend, model, measured);
    return await reportPage(backend, model, title, events, evaluation, measured);
  },
  hint(path, _, { text }) {
    const question = /^[\p{L}\p{N} ]{1,60}$/u.test(text) ? text : "your text"; // safe in a shell
    return `deno task predict --model ${shellWord(path)} "${question}"`;
  },
};

function networkOf(settings: RunSettings, advice: ModelOptions): ModelOptions {
  const { cell, activation, hidden, layers, bidirectional, dropout, embedding, head, init } =
    settings;
  const given = defined({
    cell,
    activation,
    hidden,
    layers,
    bidirectional: bidirectional && bidirectional === "yes",
    dropout,
    embedding: embedding ?? (settings.vectors ? undefined : hidden && advice.embedding && hidden),
    head,
    init,
    frozen: settings.frozen || undefined,
    minCount: settings["min-count"],
  });
  const network = { ...advice, ...given };
  if (settings.vectors && embedding === undefined) delete network.embedding; // the file's
  return network as ModelOptions;
}

async function freshModel(
  examples: readonly Example[],
  settings: RunSettings,
  network: ModelOptions,
): Promise<Model> {
  const options: ModelOptions = { ...network, seed: settings.seed };
  const isTagger = network.head === "token";
  options.tokenizer = {
    lowerCase: !settings["keep-case"],
    punctuation: settings["keep-punctuation"] || isTagger ? "keep" : "drop",
    ...(isTagger ? { split: "spaces" as const } : {}),
  };
  if (settings.vectors !== undefined) {
    const words = new Set(examples.flatMap(({ text }) => tokenize(text, options.tokenizer)));
    options.vectors = await loadVectors(settings.vectors, words);
    if (options.vectors.vectors.size === 0) {
      throw new InputError(
        `${settings.vectors}: has none of the words of the examples` +
          `${settings.data === undefined ? "" : ` in ${settings.data}`}, such as ${
            few([...words].slice(0, 5))
          }; give vectors of the same language, in the same case`,
      );
    }
  }
  return createModel(examples, options);
}

function tellVerdicts(verdicts: readonly Verdict[], examples: readonly Example[]): Told {
  const names = verdicts.map(({ label }) => printable(label, LABEL));
  const width = widest(names);
  return {
    lines: [
      "",
      ...verdicts.map(({ text, label, probabilities }, i) => {
        const { label: truth } = examples[i];
        const wrong = label === truth ? "" : `  (actual: ${printable(truth, LABEL)})`;
        const verdict = `${padEnd(names[i], width)}  ${percent(probabilities[label])}`;
        return `  ${verdict}  ${printable(text, TEXT)}${wrong}`;
      }),
    ],
    records: verdicts.map(({ text, label, probabilities }, i) => ({
      type: "verdict",
      text,
      expected: examples[i].label,
      label,
      probabilities,
    })),
  };
}

function tellTags(tags: readonly Tag[][], examples: readonly Example[]): Told {
  return {
    lines: [
      "",
      ...tags.map((words, i) => {
        const truth = examples[i].label.trim().split(/\s+/);
        const shown = words.map(({ word, label }, t) =>
          `${printable(word, LABEL)}/${printable(label, LABEL)}` +
          (label === truth[t] ? "" : `(actual: ${printable(truth[t], LABEL)})`)
        );
        return `  ${printable(shown.join(" "), LABEL + TEXT)}`;
      }),
    ],
    records: tags.map((words, i) => ({
      type: "tags",
      text: examples[i].text,
      expected: examples[i].label,
      words,
    })),
  };
}

function tellReview(
  { accuracy, majority, confused, wrong, labels }: Evaluation,
  on: keyof typeof SET_NAMES,
  sentences: number,
  isTagger: boolean,
): Told {
  const words = isTagger ? { words: wordsIn(labels) } : {};
  const lines = [
    `\n${SET_NAMES[on]} (${describeCount(sentences, words.words)}): ` +
    `accuracy ${percent(accuracy)}; majority-class baseline ${percent(majority.accuracy)} ` +
    `(${printable(majority.label, LABEL)}).`,
    ...describeConfused(confused),
    ...describeMistakes(wrong),
  ];
  const record = {
    type: "review",
    on,
    sentences,
    ...words,
    accuracy,
    majority,
    confused,
    wrong,
  };
  return { lines, records: [record] };
}
