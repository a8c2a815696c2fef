/**
 * The boxes of network drawings: embedding, layers, head.
 *
 * @module
 */
import { cellOf, type Head, type Model, type NetworkConfig, shapesOf } from "@unroll/core";
import type { Box, BoxRow } from "./boxes.ts";

type Shapes = ReturnType<typeof shapesOf>;

/** A part of a model, with the names of its weights. */
export interface Part {
  /** The configuration of the part. */
  config: NetworkConfig;
  /** The shapes of the model's weights. */
  shapes: Shapes;
  /** The prefix of the names of the part's weights. Default: "". */
  prefix?: string;
  /** The name of the part, if there are several, such as `encoder, `. Default: "". */
  title?: string;
}

/** Returns a model as a single part. */
export function partOf(model: Model): Part {
  return { config: model.config, shapes: shapesOf(model) };
}

/** Formats the number of parameters of weights. */
function parameters(shapes: Shapes, names: readonly string[]): string {
  let count = 0;
  for (const name of names) if (shapes[name]) count += shapes[name][0] * shapes[name][1];
  return `${count} parameter${count === 1 ? "" : "s"}`;
}

/** Returns the output width of a layer at each step. */
export function widthOf({ hidden, bidirectional }: NetworkConfig): number {
  return bidirectional ? 2 * hidden : hidden;
}

/** The box of an embedding or a one-hot input. */
export function embeddingBox({ config, shapes, prefix = "", title = "" }: Part, read: string): Box {
  const { embedding, projection, frozen } = config;
  const name = `${prefix}embedding`, narrowing = `${prefix}projection`;
  if (embedding === 0) return { lines: [`${title}one-hot`, read] };
  return {
    lines: [
      `${title}embedding${frozen ? " (frozen)" : ""}`,
      `${read} → ${embedding}`,
      ...(projection ? [`projection  ${embedding} → ${projection}`] : []),
      parameters(shapes, [name, narrowing]),
    ],
  };
}

/** The box of a layer in one direction. */
function layerBox(
  { config, shapes, prefix = "", title = "" }: Part,
  layer: number,
  reverse: boolean,
): Box {
  const { cell, hidden, bidirectional, activation } = config;
  const end = (layer > 0 ? `_l${layer}` : "") + (reverse ? "_reverse" : "");
  const names = ["Wxh", "bh", ...Object.keys(cellOf(cell).recurrentShapes(hidden))];
  const [inputs] = shapes[`${prefix}Wxh${end}`];
  const kind = cellOf(cell).activations.length > 1 ? `${cell} (${activation})` : cell;
  const direction = bidirectional ? (reverse ? ", backward ←" : ", forward →") : "";
  return {
    lines: [
      `${title}layer ${layer + 1}${direction}`,
      `${kind}  ${inputs} → ${hidden}`,
      parameters(shapes, names.map((name) => prefix + name + end)),
    ],
  };
}

/** The rows of the layers, from the lowest up. */
export function layerRows(part: Part): BoxRow[] {
  const { layers, bidirectional, dropout, recurrentDropout } = part.config;
  const width = widthOf(part.config);
  const gives = [
    bidirectional ? `concatenated: ${width}` : `${width}`,
    ...(dropout > 0 ? [`dropout ${dropout}`] : []),
    ...(recurrentDropout ? [`recurrent ${recurrentDropout}`] : []),
  ].join(", ");
  return Array.from({ length: layers }, (_, layer) => ({
    boxes: [false, ...(bidirectional ? [true] : [])].map((reverse) =>
      layerBox(part, layer, reverse)
    ),
    gives,
  }));
}

const POOLED: Readonly<Record<Head, (config: NetworkConfig) => string>> = {
  last: ({ bidirectional }) => `last state${bidirectional ? " of each direction" : ""}`,
  mean: () => "mean of all states",
  max: () => "maximum of all states",
  "mean-max": (config) => `mean and max of states: ${2 * widthOf(config)}`,
  token: () => "each state separately",
};

/** The box of the output layer. */
export function headBox({ config, shapes }: Part): Box {
  const [width, outputs] = shapes.Why;
  return {
    lines: [
      `head  ${POOLED[config.head](config)}`,
      `linear  ${width} → ${outputs}`,
      parameters(shapes, ["Why", "by"]),
    ],
  };
}

/** The lines of a linear layer, by the names of its weights. */
export function linearLines(shapes: Shapes, weight: string, bias?: string): string[] {
  const [width, outputs] = shapes[weight];
  return [
    `linear  ${width} → ${outputs}`,
    parameters(shapes, [weight, ...(bias === undefined ? [] : [bias])]),
  ];
}
