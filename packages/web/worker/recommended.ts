/**
 * Recommended settings for the user's data.
 *
 * @module
 */
import {
  type Example,
  type LanguageModelOptions,
  type ModelOptions,
  recommend,
  recommendLanguageModel,
  recommendTranslation,
  type TranslationModelOptions,
} from "@unroll/core/texts";
import { ARTICLE, type Settings } from "../settings.ts";
import { taskNamed } from "../tasks/tasks.ts";

const RECOMMENDERS = { recommend, recommendLanguageModel, recommendTranslation };

type Options = ModelOptions & LanguageModelOptions & TranslationModelOptions;

/** Returns the settings that the command line would choose for the user's data. */
export function recommendedFor(task: string, examples: readonly Example[]): Settings {
  const recommended = taskNamed(task).recommend(RECOMMENDERS, examples);
  const { network: chosen, training, validation } = recommended;
  const network = chosen as Partial<Options>;
  return {
    ...ARTICLE,
    set: "own",
    task,
    unit: network.unit ?? "characters",
    attention: network.attention ?? "dot",
    cell: network.cell ?? "gru",
    hidden: network.hidden ?? ARTICLE.hidden,
    embedding: network.embedding ?? 0,
    bidirectional: network.bidirectional ?? false,
    dropout: network.dropout ?? 0,
    head: network.head ?? "last",
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
