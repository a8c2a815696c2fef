/**
 * The first column of the picture: the names of the rows, and the initial state.
 *
 * @module
 */
import { el } from "../dom.ts";
import type { Look } from "../picture_protocol.ts";
import { words } from "../words.ts";
import { rowOf } from "./rows.ts";
import { wires } from "./wires.ts";

const text = words.unrolled;

/** What the first column shows. */
export interface StartOptions {
  /** The layer that is open. */
  open: number;
  isBackward: boolean;
  /** Whether there is a prediction above each column. */
  hasOutputs: boolean;
  /** Whether each column ends with the norm of its gradient. */
  hasGradient: boolean;
  /** The symbols of a translation, beside its rows. */
  targets: HTMLElement;
  /** Opens a layer. */
  openLayer(layer: number): void;
}

/** Creates the first column. */
export function createStart(
  look: Look,
  { open, isBackward, hasOutputs, hasGradient, targets, openLayer }: StartOptions,
): HTMLElement {
  const { layers } = look.config;
  const at = <E extends HTMLElement>(row: number, element: E): E => {
    element.style.gridRow = String(row);
    return element;
  };
  const name = (className: string, shown: string) =>
    el("span", { class: `name ${className}` }, shown);
  const rows = rowOf(layers);
  const ofLayers = look.layers.map((_, layer) => {
    const cells = el(
      "div",
      { class: "cells" },
      el("span", { class: "zero" }),
      wires([false], isBackward, "right"),
    );
    const called = layers === 1 ? name("of-layer", text.rows.state) : el("button", {
      type: "button",
      class: "layer-open",
      title: text.openLayer(layer + 1),
      "aria-pressed": String(layer === open),
      click: () => openLayer(layer),
    }, text.layerOf(layer + 1));
    return [at(rows.layer(layer), called), at(rows.layer(layer), cells)];
  }).reverse().flat(); // top layer first
  at(rows.below, targets);
  return el(
    "div",
    { class: "start" },
    hasOutputs && at(rows.prediction, name("of-prediction", text.rows.prediction)),
    ...ofLayers,
    at(rows.layer(0) + 1, name("zero-name", text.start)),
    at(
      rows.foot,
      name(look.config.embedding === 0 ? "of-foot below-one-hot" : "of-foot", text.rows.input),
    ),
    hasGradient && at(rows.below, name("of-gradient", text.rows.gradient)),
    targets,
  );
}
