/**
 * The linear layer from states to outputs.
 *
 * @module
 */
import type { CellName } from "../network/cells/cells.ts";
import type { Head } from "../network/config.ts";
import type { ImportForm } from "./forms.ts";
import { type FoundLayers, layersInWords, type Shapes } from "./layers.ts";
import { fitting, listed, matrices, type Pool, type Role, take, takeBias } from "./linear.ts";

/** What is known of a network before its tensors are looked at. */
export interface Sought {
  /** The cell, where it was asked for. */
  cell?: CellName;
  /** The hidden size, where it was. */
  hidden?: number;
  /** The head, where it was. */
  head?: Head;
  /** How many words are read; of a translation, of both languages. */
  words: readonly number[];
  /** How many outputs there may be, the usual number first. */
  outputs: readonly number[];
  /** What they are, for messages: `3 labels`. */
  predicted: string;
}

/** A head. */
export interface FoundHead {
  /** How states are pooled before it. */
  head: Head;
  /** How many outputs it has. */
  outputs: number;
  /** The names of its tensors, by those in Unroll's files. */
  names: Map<string, string>;
}

/** Finds it among the tensors that are left. */
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
    what: `the head of ${predicted} upon ${layersInWords(layers)}`,
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
      `the head reads the ${form.heads[0]} state, which the shapes do not say; for pooling over ` +
        `time give --head ${others.join(" or --head ")}`,
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
