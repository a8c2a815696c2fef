/**
 * Import of weights that were trained in PyTorch.
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

/** An imported model. */
export interface ImportedModel {
  /** The model. */
  model: Model;
  /** The recurrent layers in words, such as `2 layers of a bidirectional lstm of 64`. */
  network: string;
  /** The tensors: the name in Unroll's files, and the name and shape in the imported file. */
  tensors: { name: string; from: string; shape: readonly number[] }[];
  /** The assumptions that were made where the weights are ambiguous, one sentence each. */
  notes: string[];
}

const NO_WORDS: TokenList = { name: "", words: [], notes: [] };

const MAX_PROBLEM = 800; // the limit of a message in columns, as tensor names can be very long

/**
 * Imports weights from PyTorch: a `state_dict()` that was saved as .safetensors, with any module
 * names. Layers, embedding and head are found by their shapes. The two biases of a gate are added,
 * except those of a GRU's new gate.
 *
 * @param source The bytes of the file.
 * @param name The name of the file in error messages.
 * @throws {InputError} If tensors or options do not fit; the message has names and shapes.
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
        "head, and a model has nothing else; if the predictions do not depend on them, " +
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
    notes.push(
      `the head's one output is the log-odds of ${quote(ids.labels[1])}; it becomes two outputs`,
    );
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

/** Describes the scaling of columns in a sentence. */
function columnsInWords({ columns, columnScale: { means, deviations } }: OwnSettings): string {
  const scaled = columns.map((name, i) => `(${quote(name)} - ${means[i]}) / ${deviations[i]}`);
  return `columns are read as ${scaled.join("; ")}`;
}
