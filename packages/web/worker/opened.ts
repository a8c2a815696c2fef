/**
 * A model's file as a network of the page: its settings, and which data it may learn from.
 *
 * @module
 */
import { type Example, type Model, type NetworkConfig, writtenLabels } from "@unroll/core/texts";
import { ARTICLE, type Settings } from "../settings.ts";
import { presetOf, PRESETS } from "../sets/presets.ts";
import { builtInSet, type DataSet } from "../sets/sets.ts";
import { taskOf, taskOfModel } from "../tasks/tasks.ts";
import { CORE } from "./core.ts";

/** The settings of a model that was opened, where the page had others. */
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
 * The set that an opened network can learn: the visitor's own data where it knows their labels, or
 * the built-in set that its words and labels are of; none where only a label is the same by chance.
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

/** What of a model's configuration is a setting here. */
function networkConfigOf(config: NetworkConfig): Partial<Settings> {
  const { cell, activation, hidden, layers, bidirectional, embedding, head, dropout } = config;
  return { cell, activation, hidden, layers, bidirectional, embedding, head, dropout };
}
