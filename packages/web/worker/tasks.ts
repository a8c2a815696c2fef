/**
 * What differs from task to task: how data is read and set aside, how a network is made, and how
 * well it does.
 *
 * @module
 */
import {
  type Backend,
  createLanguageModel,
  createModel,
  createTranslationModel,
  type DataKind,
  evaluate,
  evaluateLanguageModel,
  evaluateTranslation,
  type Example,
  type Model,
  recommend,
  recommendLanguageModel,
  recommendTranslation,
  splitDocuments,
  splitExamples,
  writtenLabels,
} from "@unroll/core";
import type { Review, TaskName } from "../protocol.ts";
import { ARTICLE, networkOf, type Settings } from "../settings.ts";

/** What data for a task holds. */
export function kindOf(task: TaskName): DataKind {
  return task === "translate" ? "pairs" : task === "language-model" ? "texts" : "labels";
}

/** The task that a model is for. */
export function taskOf(model: Model): TaskName {
  if (model.task !== "language-model") return model.task ?? "classification";
  return writtenLabels(model).length > 0 ? "generate-from-label" : "language-model";
}

/** A fresh network, as the command line makes it. */
export function createFor(settings: Settings, train: Example[], hasSeveral: boolean): Model {
  const { task, unit, attention } = settings;
  const { bidirectional, head, ...network } = networkOf(settings);
  if (task === "classification") return createModel(train, { ...network, bidirectional, head });
  if (task === "translate") {
    return createTranslationModel(train, { ...network, bidirectional, unit, attention });
  }
  const fromLabel = task === "generate-from-label";
  return createLanguageModel(train, { ...network, unit, fromLabel, ends: fromLabel || hasSeveral });
}

/** The examples to learn, and those set aside to choose the best epoch by. */
export function splitFor(
  { task, validation, seed, head, unit }: Settings,
  examples: Example[],
): { train: Example[]; validation: Example[] } {
  if (validation === 0 || examples.length === 0) return { train: examples, validation: [] };
  const isWriter = task === "language-model" || task === "generate-from-label";
  const { train, held } = isWriter
    ? splitDocuments(examples, validation, { unit, seed, byLabel: task === "generate-from-label" })
    : splitExamples(examples, validation, {
      seed,
      byLabel: task === "classification" && head !== "token",
    });
  return { train, validation: held };
}

/** The settings that suit data of one's own, as the command line would choose them. */
export function recommendedFor(
  task: TaskName,
  examples: Example[],
  isTagging: boolean,
): Settings {
  const { network, training, validation } = task === "classification"
    ? recommend(examples)
    : task === "translate"
    ? recommendTranslation(examples)
    : recommendLanguageModel(examples);
  const { attention = "dot", bidirectional = false, head = "last", unit = "characters" } = {
    ...network,
  } as Partial<Settings>;
  return {
    ...ARTICLE,
    set: "own",
    task,
    unit,
    attention,
    cell: network.cell ?? "gru",
    hidden: network.hidden ?? ARTICLE.hidden,
    embedding: network.embedding ?? 0,
    bidirectional,
    dropout: network.dropout ?? 0,
    head: isTagging ? "token" : head,
    init: network.init ?? "scaled",
    epochs: training.epochs ?? ARTICLE.epochs,
    batchSize: training.batchSize ?? 1,
    timeSteps: training.timeSteps ?? ARTICLE.timeSteps,
    optimizer: training.optimizer?.name ?? "sgd",
    schedule: training.schedule?.name ?? "constant",
    learningRate: training.learningRate ?? ARTICLE.learningRate,
    clip: training.clip === Infinity ? 0 : training.clip ?? 1,
    clipNorm: training.clipNorm ?? 0,
    validation,
    patience: training.patience ?? 0,
  };
}

/** How well a network does on some examples. */
export async function reviewFor(
  backend: Backend,
  model: Model,
  examples: Example[],
): Promise<Review["found"]> {
  const task = taskOf(model);
  if (task === "classification") {
    return { kind: "labels", evaluation: await evaluate(backend, model, examples) };
  }
  if (task === "translate") {
    return { kind: "pairs", evaluation: await evaluateTranslation(backend, model, examples) };
  }
  const { loss, accuracy } = await evaluateLanguageModel(backend, model, examples);
  return { kind: "texts", loss, accuracy, unit: model.unit! };
}
