/**
 * Detection of the head: the linear layer from hidden states to outputs.
 *
 * @module
 */
import type { CellName } from "../network/cells/cells.ts";
import type { Head } from "../network/config.ts";
import type { ImportForm } from "./forms.ts";
import { type FoundLayers, layersInWords, type Shapes } from "./layers.ts";
import { fitting, listed, matrices, type Pool, type Role, take, takeBias } from "./linear.ts";

/** What is known about a network before its tensors are examined. */
export interface Sought {
  /** The cell, if the user chose one. */
  cell?: CellName;
  /** The hidden size, if the user set it. */
  hidden?: number;
  /** The head, if the user chose one. */
  head?: Head;
  /** The vocabulary size; for a translation model, of both languages. */
  words: readonly number[];
  /** The possible numbers of outputs, the most likely first. */
  outputs: readonly number[];
  /** The outputs in words, for messages: `3 labels`. */
  predicted: string;
}

/** The head that was found. */
export interface FoundHead {
  /** The pooling of the states. */
  head: Head;
  /** The number of outputs. */
  outputs: number;
  /** The names of its tensors, by their names in Unroll's files. */
  names: Map<string, string>;
}

/** Finds the head among the remaining tensors, or fails. Adds a note if its pooling is assumed. */
export function findHead(
  pool: Pool,
  form: ImportForm,
  { head, outputs, predicted }: Sought,
  layers: FoundLayers,
  shapes: Shapes,
  notes: string[],
): FoundHead {
  const width = layers.hidden * (layers.bidirectional ? 2 : 1);
  const both = form.heads.find((each) => each === "mean-max");
  const widths = head === undefined
    ? [width, ...(both ? [2 * width] : [])]
    : [head === both ? 2 * width : width];
  const role: Role = {
    name: "head.weight",
    what: `the head for ${predicted} on top of ${layersInWords(layers)}`,
    fits: outputs.flatMap((count) => widths.map((each) => [count, each])),
    hasBias: true,
    hint: /head|fc|out|lin|proj|classif|dense|decoder|logit|score/i,
    beside: layers.prefix,
  };
  const weight = take(pool, role);
  if (weight === undefined) {
    const others = new Map(matrices(pool).map((name) => [name, shapes.get(name)!]));
    return pool.fail(
      `has no ${role.name} ${fitting(role)}, ${role.what}` +
        (head === undefined ? "" : `, for --head ${head}`) +
        (others.size > 0 ? `; it has ${listed(others)}` : ""),
    );
  }
  const [rows, columns] = shapes.get(weight)!;
  const bias = takeBias(pool, weight, shapes);
  if (columns === 2 * width && both) head ??= both;
  if (head === undefined && form.heads.length > 1) {
    const others = form.heads.filter((each) => each !== form.heads[0] && each !== both);
    notes.push(
      `the head is assumed to read the ${form.heads[0]} state, as the shapes leave it open; for ` +
        `pooling over time give --head ${others.join(" or --head ")}`,
    );
  }
  return {
    head: head ?? form.heads[0],
    outputs: rows,
    names: new Map([
      ["head.weight", weight],
      ...(bias === undefined ? [] : [["head.bias", bias] as const]),
    ]),
  };
}
