/**
 * Training to tell texts, or the words in them, apart.
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
import { loadVectors, readExamples } from "./files.ts";
import { defined, makePlan } from "./plan.ts";
import { reportPage } from "./report_page.ts";
import type { Task } from "./task.ts";
import { percent, printable } from "./terminal.ts";
import type { RunSettings } from "./train_flags.ts";
import { countsOf, nameOf, type Told } from "./train_report.ts";

const SHOWN = 5; // verdicts, confused pairs and wrong verdicts that are told

/** To tell texts apart. */
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
    cells: ({ loss, accuracy }) => [loss.toFixed(4), percent(accuracy)],
  }),
  async results(backend, model, measured, on) {
    const some = measured.slice(0, SHOWN), texts = some.map(({ text }) => text);
    const few = model.config.head === "token"
      ? tellTags(await tag(backend, model, texts), some)
      : tellVerdicts(await predict(backend, model, texts), some);
    if (on === undefined) return few;
    const review = tellReview(await evaluate(backend, model, measured), on, measured.length);
    return {
      lines: [...few.lines, ...review.lines],
      records: [...few.records, ...review.records],
    };
  },
  async page(backend, model, { title, events, measured }) {
    const evaluation = await evaluate(backend, model, measured);
    return await reportPage(backend, model, title, events, evaluation, measured);
  },
  hint(path, _, { text }) {
    const question = /^[\p{L}\p{N} ]{1,60}$/u.test(text) ? text : "your text"; // safe in a shell
    return `deno task predict --model ${path} "${question}"`;
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
      throw new InputError(`${settings.vectors}: has none of the words of the examples`);
    }
  }
  return createModel(examples, options);
}

function tellVerdicts(verdicts: readonly Verdict[], examples: readonly Example[]): Told {
  const width = verdicts.reduce((most, { label }) => Math.max(most, printable(label).length), 0);
  return {
    lines: [
      "",
      ...verdicts.map(({ text, label, probabilities }, i) => {
        const wrong = label === examples[i].label ? "" : `  (is ${printable(examples[i].label)})`;
        const verdict = `${printable(label).padEnd(width)}  ${percent(probabilities[label])}`;
        return `  ${verdict}  ${printable(text)}${wrong}`;
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
          `${printable(word)}/${printable(label)}` +
          (label === truth[t] ? "" : `(is ${printable(truth[t])})`)
        );
        return `  ${shown.join(" ")}`;
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
  { accuracy, majority, confused, wrong }: Evaluation,
  on: "held" | "test" | "training",
  count: number,
): Told {
  const set = on === "held" ? "sentences it was chosen by" : `${on} sentences`;
  const lines = [
    `\nOn the ${count} ${set}: accuracy ${percent(accuracy)}; ` +
    `${percent(majority.accuracy)} for always saying ${printable(majority.label)}.`,
  ];
  if (confused.length > 0) {
    const pairs = confused.slice(0, SHOWN).map(({ truth, verdict, count }) =>
      `${printable(truth)} for ${printable(verdict)} (${count})`
    );
    lines.push(`Most often takes ${pairs.join(", ")}.`);
  }
  if (wrong.length > 0) lines.push("Wrong, and surest of it:");
  for (const { text, word, truth, verdict, probability } of wrong.slice(0, SHOWN)) {
    const what = word === undefined ? "" : `${printable(word)}: `;
    const said = `${what}${printable(verdict)}  ${percent(probability)}`;
    lines.push(`  ${said}  ${printable(text)}  (is ${printable(truth)})`);
  }
  const record = { type: "review", on, sentences: count, accuracy, majority, confused, wrong };
  return { lines, records: [record] };
}
