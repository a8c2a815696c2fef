/**
 * The drawings of models, by task.
 *
 * @module
 */
import { type Model, type NetworkConfig, shapesOf } from "@unroll/core";
import { type BoxDrawing, drawBoxes } from "../output/boxes.ts";
import {
  embeddingBox,
  headBox,
  layerRows,
  linearLines,
  type Part,
  partOf,
  widthOf,
} from "../output/network_boxes.ts";
import { figure } from "../output/terminal.ts";
import {
  counted,
  scaledRow,
  seriesRows,
  softmaxBox,
  textIn,
  withLinear,
  wordRows,
} from "./drawing_parts.ts";

/** The drawing of a model of each task. */
const DRAWINGS: {
  [T in Model["task"]]: (model: Extract<Model, { task: T }>) => BoxDrawing;
} = {
  classification: (model) => ({
    input: textIn(model),
    rows: [...wordRows(model), ...withLinear(model, softmaxBox(model.labels.length))],
    output: "a label for the text",
  }),
  tagging: (model) => ({
    input: textIn(model),
    rows: [
      ...wordRows(model),
      ...withLinear(
        model,
        model.config.crf
          ? {
            lines: [
              `CRF of ${counted(model.labels.length, "label")}`,
              `transitions  ${model.labels.length} x ${model.labels.length}, start, end`,
              "loss: -ln p of the whole sequence",
            ],
          }
          : softmaxBox(model.labels.length),
      ),
    ],
    output: "a label for each word",
  }),
  "multi-label": (model) => ({
    input: textIn(model),
    rows: [
      ...wordRows(model),
      ...withLinear(model, {
        lines: [
          `sigmoid of ${counted(model.labels.length, "label")}`,
          "loss: binary cross-entropy",
        ],
      }),
    ],
    output: `labels with a probability of at least ${
      model.thresholds ? "their thresholds" : model.threshold
    }`,
  }),
  regression: (model) => ({
    input: textIn(model),
    rows: [...wordRows(model), scaledRow(model)],
    output: "a number for the text",
  }),
  "series-classification": (model) => ({
    input: "a series",
    rows: [...seriesRows(model), { boxes: [softmaxBox(model.labels.length)] }],
    output: "a label for the series",
  }),
  "series-regression": (model) => ({
    input: "a series",
    rows: [
      ...seriesRows(model),
      scaledRow(model),
    ],
    output: "a number for the series",
  }),
  "language-model"(model) {
    const part = partOf(model), { vocabulary, labels, unit, config } = model;
    return {
      input: `the ${unit} of a text so far`,
      rows: [
        {
          boxes: [embeddingBox(part, `${vocabulary.length} ${unit}`)],
          gives: `${config.embedding || vocabulary.length}`,
        },
        ...layerRows(part),
        { boxes: [headBox(part)] },
        { boxes: [{ lines: [`softmax of ${labels.length} ${unit}`, "loss: cross-entropy"] }] },
      ],
      output: "the next one, which is read in the next step",
    };
  },
  translate(model) {
    const { config, vocabulary, labels, unit, attention } = model, shapes = shapesOf(model);
    const encoder: Part = { config, shapes, prefix: "encoder.", title: "encoder, " };
    const one: NetworkConfig = { ...config, bidirectional: false };
    const decoder: Part = { config: one, shapes, prefix: "decoder.", title: "decoder, " };
    const { hidden } = config;
    const rows = layerRows(encoder);
    const last = {
      ...rows.at(-1)!,
      gives: widthOf(config) > hidden ? `summed: ${hidden}` : `${hidden}`,
    };
    return {
      input: `the ${unit} of the source`,
      rows: [
        {
          boxes: [embeddingBox(encoder, `${vocabulary.length} ${unit}`)],
          gives: `${config.embedding || vocabulary.length}`,
        },
        ...rows.slice(0, -1),
        last,
        {
          boxes: [
            { lines: ["state after the source:", "the decoder's initial state"] },
            { ...embeddingBox(decoder, `${labels.length} ${unit} so far`), isSource: true },
          ],
        },
        ...layerRows(decoder),
        ...(attention === "none" ? [] : [{
          boxes: [{
            lines: [
              `attention to the source (${attention})`,
              "tanh of context and state",
              ...linearLines(shapes, "Wc"),
            ],
          }],
        }]),
        { boxes: [{ lines: ["head", ...linearLines(shapes, "Why", "by")] }] },
        { boxes: [{ lines: [`softmax of ${labels.length} ${unit}`, "loss: cross-entropy"] }] },
      ],
      output: "the next one of the target, which is read in the next step",
    };
  },
  forecast(model) {
    const { config, segment, window, horizon, targets, features, knownAhead, calendar } = model;
    const part = partOf(model), { shapes } = part, { quantiles, blend, band, loss } = model;
    const known = knownAhead.length + calendar.length;
    const ahead = Math.ceil(horizon / segment);
    return {
      input: `${window} rows of a column` +
        (features.length + known > 0
          ? `, with ${counted(features.length + known, "covariate")}`
          : ""),
      rows: [
        {
          boxes: [{
            lines: [
              `${window / segment} segments of ${counted(segment, "row")}`,
              "scaled, less the last value",
              ...linearLines(shapes, "We", "be").map((line, i) => i === 0 ? `${line}, relu` : line),
            ],
          }],
          gives: `${config.hidden}`,
        },
        ...layerRows(part),
        {
          boxes: [
            { lines: ["state after the window"] },
            {
              isSource: true,
              lines: [
                `${counted(ahead, "segment")} ahead`,
                `a position of ${shapes.positions[1]}` +
                (shapes.columns ? `, a column of ${shapes.columns[1]}` : ""),
                `${counted(targets.length, "column")} to forecast`,
                ...(known > 0 ? [`${known} known ahead, ${linearLines(shapes, "Wk")[0]}`] : []),
              ],
            },
          ],
        },
        { boxes: [{ lines: ["the same layers, one step", "for each segment ahead"] }] },
        {
          boxes: [{
            lines: [
              "head",
              ...linearLines(shapes, "Why", "by"),
              `${counted(segment, "value")}, and ${counted(quantiles.length, "quantile")} of each`,
              `loss: ${loss}, and of quantiles`,
            ],
          }],
        },
        {
          boxes: [{
            lines: [
              "plus the last value, scaled back",
              ...(blend ? [`${figure(1 - blend.weight, 2)} of it the ${blend.naive}`] : []),
              ...(band ? [`quantiles calibrated on ${counted(band.windows, "window")}`] : []),
            ],
          }],
        },
      ],
      output: `${counted(horizon, "row")} ahead`,
    };
  },
};

/** Draws a model's network as lines of boxes and arrows, at most 80 columns wide. */
export function drawNetwork(model: Model): string[] {
  const draw = DRAWINGS[model.task] as (model: Model) => BoxDrawing;
  return drawBoxes(draw(model));
}
