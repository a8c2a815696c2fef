/** Reads a damaged model file, uses the model, and checks the results. */
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type AnyModel,
  type Backend,
  type Checkpoint,
  type ClassificationModel,
  evaluate,
  type FloatArray,
  generate,
  type LanguageModel,
  type Model,
  predict,
  readCheckpoint,
  readModel,
  shapesOf,
  type TaggingModel,
  tokenize,
  type TranslationModel,
  type Weights,
  writeCheckpoint,
  writeModel,
  writtenLabels,
} from "@unroll/core";
import { mapWeights } from "#core/network/weights.ts";
import type { Dice } from "./dice.ts";
import type { Given } from "./model_corpus.ts";
import type { ModelMutant } from "./model_mutants.ts";
import { attempt, type Outcome, require, requireDistribution, requireFinite } from "./oracle.ts";
import { resume } from "./resume.ts";

const MEMORY = 2 ** 28;

/** Reads and uses a mutant; throws unless it ends in a result or a typed error. */
export async function useModelMutant(mutant: ModelMutant, dice: Dice): Promise<Outcome> {
  const { seed } = mutant;
  const file = new Blob([mutant.bytes]);
  const read = await attempt(() => readModel(file));
  const readAsCheckpoint = await attempt(() => readCheckpoint(file));
  if (read.error !== undefined) {
    require(readAsCheckpoint.error !== undefined, `the checkpoint of a model that is refused`);
    return `refused: ${read.error}`;
  }
  const kernels = seed.dtype === "float32" && dice.chance(0.05) ? "simd" : "plain";
  const backend = createCpuBackend({ kernels, dtype: seed.dtype, memory: MEMORY });
  const model = read.value;
  requireModel(model);
  model.weights = withoutMinusZeros(model.weights); // which the sum of two biases may not have
  const again = await readModel(new Blob([writeModel(model)]));
  requireSame(writeModel(again), writeModel(model), "the model");
  const used = await attempt(() => useModel(backend, model, seed.examples, dice));
  const outcome = `read, used: ${used.error ?? "fine"}`;
  if (readAsCheckpoint.error !== undefined) return outcome;

  const { checkpoint } = readAsCheckpoint.value;
  checkpoint.model.weights = withoutMinusZeros(checkpoint.model.weights);
  if (checkpoint.best) checkpoint.best = withoutMinusZeros(checkpoint.best);
  requireProgress(checkpoint);
  const bytes = writeCheckpoint(checkpoint);
  const { checkpoint: copy } = await readCheckpoint(new Blob([bytes]));
  requireSame(writeCheckpoint(copy), bytes, "the checkpoint");
  const resumed = await attempt(() => resume(backend, checkpoint, seed));
  return `${outcome}, resumed: ${resumed.error ?? "fine"}`;
}

function withoutMinusZeros(weights: Weights<FloatArray>): Weights<FloatArray> {
  return mapWeights(weights, (numbers) => numbers.map((number: number) => number + 0));
}

function requireSame(a: Uint8Array, b: Uint8Array, what: string): void {
  const isSame = a.length === b.length && a.every((byte, i) => byte === b[i]);
  require(isSame, `${what}, written and read, is another one`);
}

function requireModel(model: Model): void {
  for (const [name, [rows, columns]] of Object.entries(shapesOf(model))) {
    const numbers = model.weights[name];
    require(numbers?.length === rows * columns, `${name} has ${numbers?.length} numbers`);
    requireFinite(numbers, name);
  }
}

function requireProgress({ progress, options }: Checkpoint): void {
  const { sums, ...counts } = progress;
  requireFinite(Object.values(sums), "the sums");
  for (const [name, value] of Object.entries(counts)) {
    const isOpen = name === "bestLoss" || name === "gainLoss";
    require(Number.isFinite(value) || (isOpen && value === null), `progress.${name} is ${value}`);
    const isCount = !isOpen && name !== "loss" && name !== "weight";
    require(
      !isCount || (Number.isSafeInteger(value) && value! >= 0),
      `progress.${name} is ${value}`,
    );
  }
  require(progress.epoch >= 1 && progress.epoch <= options.epochs + 1, "the epoch is none of them");
}

const LENGTH = 5;

async function useModel(
  backend: Backend,
  model: Model,
  examples: readonly Given[],
  dice: Dice,
): Promise<void> {
  if (model.task === "language-model") await useWriter(backend, model, dice);
  else if (model.task === "translate") await useTranslator(backend, model, dice);
  else if (model.task === "tagging") await useTagger(backend, model);
  else if (model.task === "classification") await useClassifier(backend, model);
  else await useOther(backend, model, examples);
  const isSeries = "columns" in model; // which a damaged one may be unable to load
  if (!dice.chance(0.3) || examples.some((each) => "columns" in each !== isSeries)) return;
  const metrics = await evaluate(backend, model as AnyModel, examples as never);
  requireFinite([metrics.loss], "the evaluation");
  require(metrics.loss >= 0, "no such loss");
  if (!("accuracy" in metrics)) return;
  const { accuracy } = metrics as unknown as { accuracy: number };
  require(accuracy >= 0 && accuracy <= 1, "no such accuracy");
}

/** Models that read series or predict numbers: each predicts only finite numbers. */
async function useOther(
  backend: Backend,
  model: Model,
  examples: readonly Given[],
): Promise<void> {
  const isSeries = "columns" in model;
  const asked = isSeries ? examples.filter((each) => "columns" in each) : TEXTS;
  const answers = await predict(backend, model as AnyModel, asked as never) as unknown[];
  require(answers.length === asked.length, `${answers.length} answers`);
  const check = (value: unknown, what: string): void => {
    if (typeof value === "number") requireFinite([value], what);
    else if (value instanceof Float64Array) requireFinite(value, what);
    else if (typeof value === "object" && value !== null) {
      for (const [name, each] of Object.entries(value)) check(each, name);
    }
  };
  check(answers, "the answers");
}

const TEXTS = ["good", "not bad at all", "unheard of: 👍", "", "Ann, ann! <unk>"];

async function useClassifier(backend: Backend, model: ClassificationModel): Promise<void> {
  const predictions = await predict(backend, model, TEXTS);
  require(predictions.length === TEXTS.length, `${predictions.length} predictions`);
  for (const { label, probabilities, logits, words, unknownWords } of predictions) {
    requireFinite(logits, "the logits");
    requireDistribution(Object.values(probabilities), "the prediction");
    require(logits.length === model.labels.length, `${logits.length} logits`);
    require(model.labels.every((each) => Object.hasOwn(probabilities, each)), "labels are missing");
    require(Object.hasOwn(probabilities, label), "the label is none of the model's");
    require(unknownWords.length <= words, "more unknown words than words");
  }
}

async function useTagger(backend: Backend, model: TaggingModel): Promise<void> {
  const tags = await predict(backend, model, TEXTS);
  const words = TEXTS.map((text) => tokenize(text, model.tokenizer));
  require(tags.every((some, i) => some.length === words[i].length), "not one tag for each word");
  for (const { label, probability } of tags.flat()) {
    require(model.labels.includes(label), "the label is none of the model's");
    require(probability > 0 && probability <= 1.001, `the probability ${probability}`);
  }
}

async function useWriter(backend: Backend, model: LanguageModel, dice: Dice): Promise<void> {
  const labels = writtenLabels(model);
  const label = labels.length > 0 ? dice.pick(labels) : undefined;
  const temperature = dice.pick([0, 0.1, 1]);
  const topK = dice.pick([1, 3, Infinity]);
  const options = { length: LENGTH, label, temperature, topK, topP: dice.pick([0.5, 1]) };
  let pieces = 0;
  for await (const piece of generate(backend, model, options)) {
    require(typeof piece === "string", `a symbol is ${piece}`);
    require(++pieces <= LENGTH, "more symbols than were asked for");
    const isKnown = model.vocabulary.some((symbol) => piece === symbol || piece === ` ${symbol}`);
    require(isKnown, `a symbol is ${JSON.stringify(piece)}`);
  }
}

async function useTranslator(backend: Backend, model: TranslationModel, dice: Dice): Promise<void> {
  const texts = ["ab", "b?", "aabb"];
  const settings = { maxLength: LENGTH, beam: dice.pick([1, 1, 2]) };
  const translations = await predict(backend, model, texts, settings);
  require(translations.length === texts.length, `${translations.length} translations`);
  for (const translation of translations) {
    const { probability, attention } = translation;
    const isOdd = (text: string) => /undefined|NaN/.test(text);
    const isMade = isOdd(translation.target) && !model.labels.some(isOdd);
    require(!isMade, `a target is ${translation.target}`);
    require(probability >= 0 && probability <= 1.001, `the probability ${probability}`);
    require((attention !== undefined) === (model.attention === "dot"), "where is the attention?");
    if (!attention) continue;
    const { source, target, weights } = attention;
    require(weights.length >= target.length, "attention to another target");
    for (const row of weights) {
      require(row.length === source.length, "attention to another source");
      requireDistribution(row, "the attention");
    }
  }
}
