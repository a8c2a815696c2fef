/**
 * Models of the examples with their exported modules and predictions, to compare other hosts with.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type AnyModel,
  createForecaster,
  createLanguageModel,
  createModel,
  createSeriesClassifier,
  createTranslationModel,
  evaluate,
  type Example,
  fit,
  generate,
  type Model,
  parseExamples,
  predict,
  readSeries,
  type Series,
  splitSeries,
  type TrainOptions,
} from "@unroll/core";
import { exportJs, roundedToInt8 } from "@unroll/core/export";
import sentences from "#cli/sentences.json" with { type: "json" };
import { assertSame } from "#tests/core/export/js.ts";
import addition from "../../examples/addition/test.csv" with { type: "text" };
import gestures from "../../examples/gestures/test.csv" with { type: "text" };
import tagged from "../../examples/tagging/test.csv" with { type: "text" };
import tags from "../../examples/tagging/train.csv" with { type: "text" };
import dates from "../../examples/dates/test.csv" with { type: "text" };
import visitors from "../../examples/visitors/visitors.csv" with { type: "text" };
import { printedBy } from "./host.ts";

/** A model's module, and its expected predictions. */
export interface ExportedCase {
  /** Its name. */
  name: string;
  /** The module, with embedded weights. */
  source: string;
  /** The inputs, with plain arrays instead of typed ones. */
  asked: unknown[];
  /** The options for each input. */
  options: Record<string, unknown>;
  /** The model's predictions. */
  expected: unknown[];
  /** Its accuracy, and that with weights in 8 bits, if it was trained. */
  accuracy?: { before: number; after: number };
}

const ADAM = { optimizer: { name: "adam" }, learningRate: 0.01, batchSize: 8 } as const;

/** All cases. */
export async function exportedCases(): Promise<ExportedCase[]> {
  const backend = createCpuBackend();
  const cases: ExportedCase[] = [];
  const add = async (
    name: string,
    model: Model,
    asked: readonly (string | Series)[],
    options: Record<string, unknown> = {},
    accuracy?: ExportedCase["accuracy"],
  ) => {
    const answers = await predict<AnyModel>(backend, model, asked as never, options as never);
    const expected = (answers as object[]).map((answer) => {
      const { text: _, logits: __, ...rest } = answer as Record<string, unknown>;
      return Array.isArray(answer) ? answer : rest;
    });
    const source = String(exportJs(model)[0].content);
    cases.push({ name, source, asked: asked.map(plain), options, expected, accuracy });
  };
  const trained = async (
    model: Model,
    train: Example[],
    test: Example[],
    options: TrainOptions,
  ) => {
    await fit(backend, model as AnyModel, train, options);
    const accuracyOf = async (each: Model) =>
      Number(Object(await evaluate(backend, each as AnyModel, test)).accuracy);
    return { before: await accuracyOf(model), after: await accuracyOf(roundedToInt8(model)) };
  };

  const classifier = createModel(sentences.train, { cell: "gru", hidden: 24, embedding: 16 });
  const known = await trained(classifier, sentences.train, sentences.test, { ...ADAM, epochs: 30 });
  const texts = [...sentences.train, ...sentences.test].map(({ text }) => text);
  await add("classifier", classifier, [...texts, "", "Nothing’s known 👍"], {}, known);

  const examples = parseExamples(tags), unseen = parseExamples(tagged);
  const tagger = createModel(examples, {
    ...{ cell: "lstm", hidden: 16, embedding: 12, letters: 8, head: "token", crf: true },
    bidirectional: true,
  });
  const learned = await trained(tagger, examples, unseen, { ...ADAM, epochs: 6 });
  await add("tagger", tagger, unseen.map(({ text }) => text), {}, learned);

  const pairs = (table: string) =>
    parseExamples(table, { textColumn: "source", labelColumn: "target" });
  for (
    const [name, table, own] of [
      ["dates", dates, { cell: "gru", bidirectional: true }],
      ["addition", addition, { cell: "lstm", attention: "none" }],
    ] as const
  ) {
    const some = pairs(table), model = createTranslationModel(some, { hidden: 12, ...own });
    await add(name, model, some.map(({ text }) => text), { maxLength: 10 });
  }

  const { series } = readSeries(gestures, { series: "gesture", time: "step" });
  await add("gestures", createSeriesClassifier(series, { hidden: 12 }), series.map(unlabeled));
  const { series: [months] } = readSeries(visitors, { keepEnd: true });
  const rows = months.values[0].findIndex(Number.isNaN);
  const past = splitSeries({
    ...months,
    values: months.values.map((column) => column.slice(0, rows)),
    time: months.time!.slice(0, rows),
  }, 12).train;
  const forecaster = createForecaster([past], {
    ...{ targets: ["visitors"], knownAhead: ["exhibition"], horizon: 12, window: 24, segment: 12 },
    ...{ hidden: 8, log: true },
  });
  await add("visitors", forecaster, [months]);

  const writer = createLanguageModel([{ text: texts.join("\n") }], { cell: "gru", hidden: 16 });
  const settings = { prompt: "i am", length: 200, seed: 5 };
  let written = "";
  for await (const piece of generate(backend, writer, settings)) written += piece;
  const source = String(exportJs(writer)[0].content);
  cases.push({ name: "writer", source, asked: [settings], options: {}, expected: [written] });
  backend.dispose();
  return cases;
}

function unlabeled({ label: _, ...series }: Series): Series {
  return series;
}

/** Returns an input as JSON; missing numbers are null, which typed arrays read as 0. */
function plain(asked: string | Series): unknown {
  if (typeof asked === "string") return asked;
  const { name, columns, values, time } = asked;
  return {
    ...(name === undefined ? {} : { name }),
    columns,
    values: values.map((column) => Array.from(column, (v) => Number.isNaN(v) ? "NaN" : v)),
    ...(time ? { time: [...time] } : {}),
  };
}

/** A program that calls the modules next to it, and then runs code with their `answers`. */
export function askingScript(cases: readonly ExportedCase[], after: string): string {
  const imports = cases.map(({ name }) => `import * as ${name} from "./${name}.mjs";\n`).join("");
  const questions = cases.map(({ name, asked, options }) =>
    `[${name}, ${JSON.stringify(asked)}, ${JSON.stringify(options)}]`
  );
  return `${imports}
const answers = [${questions}].map(([module, asked, options]) =>
  asked.map((each) =>
    module.predict ? module.predict(each, options) : [...module.generate(each)].join("")
  )
);
${after}`;
}

/** Throws unless modules predicted like their models. */
export function assertAnswers(cases: readonly ExportedCase[], answers: unknown[][]): void {
  for (const [k, { name, asked, expected }] of cases.entries()) {
    const own = JSON.parse(JSON.stringify(expected));
    for (const i of asked.keys()) assertSame(answers[k][i], own[i], `${name} ${i}`);
  }
}

/** Returns the answers to all cases of a host that runs a script file and prints. */
export async function answersOn(
  cases: readonly ExportedCase[],
  command: string,
  ...args: string[]
): Promise<unknown[][]> {
  const modules = cases.map(({ name, source }) => [`${name}.mjs`, source] as const);
  const script = askingScript(cases, "console.log(JSON.stringify(answers));");
  return await printedBy(command, args, { ...Object.fromEntries(modules), "ask.mjs": script });
}

let made: Promise<ExportedCase[]> | undefined;

/** The cases, created once. */
export function allCases(): Promise<ExportedCase[]> {
  return made ??= exportedCases();
}
