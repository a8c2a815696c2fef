/**
 * The boxes that networks of all tasks are drawn with: what reads words, layers, the head.
 *
 * @module
 */
import { cellOf, type Head, type Model, type NetworkConfig, shapesOf } from "@unroll/core";
import type { Box, BoxRow } from "./boxes.ts";

type Shapes = ReturnType<typeof shapesOf>;

/** A model, and where the weights of one of its parts are. */
export interface Part {
  /** How the part is made. */
  config: NetworkConfig;
  /** The shapes of the model's weights. */
  shapes: Shapes;
  /** What stands before the names of the part's weights. Default: nothing. */
  prefix?: string;
  /** What it is called, where there are several: `encoder, `. Default: nothing. */
  title?: string;
}

/** A model as one part. */
export function partOf(model: Model): Part {
  return { config: model.config, shapes: shapesOf(model) };
}

/** How many numbers some weights have. */
function parameters(shapes: Shapes, names: readonly string[]): string {
  let count = 0;
  for (const name of names) if (shapes[name]) count += shapes[name][0] * shapes[name][1];
  return `${count} parameter${count === 1 ? "" : "s"}`;
}

/** How many numbers the layers give at each step. */
export function widthOf({ hidden, bidirectional }: NetworkConfig): number {
  return bidirectional ? 2 * hidden : hidden;
}

/** What stands for a word or a symbol. */
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

/** A layer in one direction. */
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

/** The layers from the lowest up. */
export function layerRows(part: Part): BoxRow[] {
  const { layers, bidirectional, dropout, recurrentDropout } = part.config;
  const width = widthOf(part.config);
  const gives = [
    bidirectional ? `side by side: ${width}` : `${width}`,
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
  token: () => "each state by itself",
};

/** The layer of outputs. */
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

/** A linear layer, by the names of its weights. */
export function linearLines(shapes: Shapes, weight: string, bias?: string): string[] {
  const [width, outputs] = shapes[weight];
  return [
    `linear  ${width} → ${outputs}`,
    parameters(shapes, [weight, ...(bias === undefined ? [] : [bias])]),
  ];
}
