/**
 * The settings of a model opened from a file, and the data it can be trained on.
 *
 * @module
 */
import { type Example, type Model, type NetworkConfig, writtenLabels } from "@unroll/core/texts";
import { ARTICLE, type Settings } from "../settings.ts";
import { presetOf, PRESETS } from "../sets/presets.ts";
import { builtInSet, type DataSet } from "../sets/sets.ts";
import { taskOf, taskOfModel } from "../tasks/tasks.ts";
import { CORE } from "./core.ts";

/** Returns the settings of an opened model; those that it does not determine stay unchanged. */
export function settingsOfModel(model: Model, before: Settings): Settings {
  const task = taskOfModel(model, writtenLabels(model));
  return {
    ...before,
    ...networkConfigOf(model.config),
    unit: ARTICLE.unit,
    attention: ARTICLE.attention,
    stripHtml: isStripping(model),
    ...task.settingsOf(model),
    task: task.name,
  };
}

/**
 * Returns the set that an opened network can learn: the user's data if it knows their labels, else
 * the built-in set with its words and labels; undefined if only labels happen to match.
 */
export async function setFor(
  model: Model,
  own: { data: DataSet; task: string } | undefined,
): Promise<string | undefined> {
  const written = writtenLabels(model), task = taskOfModel(model, written);
  const knows = (examples: Example[]) =>
    examples.length > 0 && examples.every((example) => task.knows(model, written, example));
  if (own?.task === task.name && knows(own.data.train)) return "own";
  for (const name of Object.keys(PRESETS)) {
    const settings = presetOf(name);
    if (settings.task !== task.name) continue;
    const { train } = await builtInSet(name);
    if (!knows(train)) continue;
    const like = { ...settingsOfModel(model, settings), set: name };
    const { vocabulary } = taskOf(like).create(CORE, like, train, true);
    const known = new Set<string>(vocabulary);
    if (model.vocabulary.every((word) => known.has(word))) return name;
  }
  return undefined;
}

function isStripping(model: Model): boolean {
  if ("tokenizer" in model) return model.tokenizer.html === "strip";
  return "html" in model && model.html === "strip";
}

/** Returns the settings in a model's configuration. */
function networkConfigOf(config: NetworkConfig): Partial<Settings> {
  const { cell, activation, hidden, layers, bidirectional, embedding, head, dropout } = config;
  return { cell, activation, hidden, layers, bidirectional, embedding, head, dropout };
}
