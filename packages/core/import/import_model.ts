/**
 * Weights that were trained in PyTorch, as a model.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { type ByteSource, readTensors } from "../files/safetensors.ts";
import type { Shell } from "../model.ts";
import { cellOf } from "../network/cells/cells.ts";
import { checkConfig, networkConfig } from "../network/config.ts";
import { NUMBER_TASKS } from "../number_tasks.ts";
import { printable, quote } from "../printable.ts";
import type { Fail } from "../task.ts";
import { type Model, taskOf } from "../tasks.ts";
import { findNetwork } from "./find_network.ts";
import { readForeign } from "./foreign_file.ts";
import { FORMS, type OwnSettings, taskWith } from "./forms.ts";
import { checkOptions, type ImportOptions } from "./import_options.ts";
import { layersInWords } from "./layers.ts";
import { listed, type Pool } from "./linear.ts";
import { tokenizerBy, tokenizerInWords, unitBy } from "./reading.ts";
import type { TokenList } from "./token_list.ts";
import { idsOf, metadataOf, weightsOf } from "./weights.ts";

/** A model that was imported. */
export interface ImportedModel {
  /** The model. */
  model: Model;
  /** Its network in words. */
  network: string;
  /** Its tensors, by the names in Unroll's files: what each was called, and its shape there. */
  tensors: { name: string; from: string; shape: readonly number[] }[];
  /** What the weights did not say, and what was done about it, in sentences. */
  notes: string[];
}

const NO_WORDS: TokenList = { name: "", words: [], notes: [] };

const MAX_PROBLEM = 800; // columns, as names in a file may have any length

/**
 * The model that weights of PyTorch are: a `state_dict()` that was saved as .safetensors, whatever its
 * modules are called. Layers, embedding and head are found by their shapes; the two biases of a gate
 * are added up, save those of a GRU's new gate.
 *
 * @param source The file's bytes.
 * @param name What to call the file in errors.
 * @throws {InputError} Where something does not fit: it names both, with their shapes.
 *
 * @example
 * ```ts
 * import { importModel, parseTokenList } from "@unroll/core/import";
 * import { InputError } from "@unroll/core";
 * import { assertRejects } from "@std/assert";
 *
 * const vocabulary = parseTokenList("<unk>\ngood\nbad\n", "words.txt");
 * const pickle = new Blob([Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0)]); // what torch.save() writes
 * const importing = () => importModel(pickle, { vocabulary, labels: ["no", "yes"] }, "net.pt");
 * await assertRejects(importing, InputError, "save_file");
 * ```
 */
export async function importModel(
  source: ByteSource,
  options: ImportOptions,
  name = "weights",
): Promise<ImportedModel> {
  const fail: Fail = (problem) => {
    throw new InputError(`${name}: ${printable(problem, MAX_PROBLEM)}`);
  };
  const taskName = options.task ?? taskWith(options.head);
  const form = FORMS[taskName];
  if ("refused" in form) throw new InputError(`${name}: cannot be imported: ${form.refused}`);
  checkOptions(form, taskName, options);
  const header = await readForeign(source, name, options.ignore ?? [], fail);
  const pool: Pool = {
    left: new Map([...header.entries].map(([tensor, { shape }]) => [tensor, shape])),
    settled: new Map(Object.entries(options.tensors ?? {})),
    fail,
  };
  const ids = idsOf(form, options);
  const network = findNetwork(pool, form, { ...options, ...ids.sought });
  if (pool.left.size > 0) {
    fail(
      `has ${listed(pool.left)} besides ${
        layersInWords(network.layers)
      }, its inputs and one linear ` +
        "head, which is all that a model has; where the answers do not depend on them, " +
        `give --ignore ${[...pool.left.keys()][0]}`,
    );
  }
  const { cell, hidden, layers, bidirectional } = network.layers;
  const { embedding, projection, head, crf } = network;
  const { activations: [usual, ...others] } = cellOf(cell);
  const activation = options.activation ?? usual;
  const config = networkConfig({
    ...{ cell, hidden, layers, bidirectional, embedding, projection, head, crf, activation },
  });
  checkConfig(config);
  const { vocabulary = NO_WORDS, columns = [] } = options;
  const tokenizer = tokenizerBy(vocabulary, form.split, options.tokenizer ?? {});
  const settings: OwnSettings = {
    tokenizer,
    unit: options.unit ?? unitBy(vocabulary),
    attends: network.attends,
    separator: options.separator ?? ";",
    threshold: options.threshold ?? 0.5,
    loss: options.loss ?? "squared",
    scale: options.scale ?? { mean: 0, deviation: 1 },
    columns,
    columnScale: options.columnScale ??
      { means: columns.map(() => 0), deviations: columns.map(() => 1) },
  };
  const task = taskOf({ task: taskName }, NUMBER_TASKS);
  const shell: Shell = task.file.read(
    { config, vocabulary: ids.read.words, labels: ids.labels },
    metadataOf(taskName, form, settings),
    fail,
  );
  const stored = await readTensors(source, header, name);
  const weights = weightsOf(task, shell, network, ids, stored, fail);
  const notes = [...network.notes, ...ids.notes, ...vocabulary.notes];
  if (network.outputs < ids.labels.length) {
    notes.push(`the head's one number is the log-odds of ${quote(ids.labels[1])}; it becomes two`);
  }
  if (others.length > 0 && options.activation === undefined) {
    notes.push(`the activation is ${usual}; for another give --activation ${others.join(" or ")}`);
  }
  if (form.reads === "columns") notes.push(columnsInWords(settings));
  else if (form.predicts !== "symbols") notes.push(tokenizerInWords(tokenizer));
  else notes.push(`texts are read as ${settings.unit}`);
  return {
    model: { ...shell, weights } as Model,
    network: layersInWords(network.layers),
    tensors: Object.keys(task.file.torchShapes(shell)).flatMap((ours) => {
      const from = network.names.get(ours);
      return from === undefined
        ? []
        : [{ name: ours, from, shape: header.entries.get(from)!.shape }];
    }),
    notes,
  };
}

/** How columns are scaled, in a sentence. */
function columnsInWords({ columns, columnScale: { means, deviations } }: OwnSettings): string {
  const scaled = columns.map((name, i) => `${quote(name)} less ${means[i]}, over ${deviations[i]}`);
  return `columns are read as ${scaled.join("; ")}`;
}
