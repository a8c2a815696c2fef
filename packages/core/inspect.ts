/**
 * Explains single predictions and units: the attribution of a prediction to each word, and the
 * equations of a unit with their numbers. Separate from `texts.ts`, so that a page can load it on
 * demand.
 *
 * @example
 * ```ts
 * import { canExplain } from "@unroll/core/inspect";
 * import { createModel } from "@unroll/core/texts";
 * import { assert } from "@std/assert";
 *
 * assert(canExplain(createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }])));
 * ```
 *
 * @module
 */
export type { EquationLine, GateActivation, NamedNumber } from "./inspection/unit_equations.ts";
export type { LabelStep, OutputStep } from "./inspection/unit_output.ts";
export type { UnitPlace } from "./inspection/unit_passes.ts";
export type { Product, ProductSum } from "./inspection/unit_products.ts";
export {
  type GateStep,
  traceUnit,
  type TraceUnitOptions,
  type UnitBackward,
  type UnitTrace,
} from "./inspection/unit_step.ts";
export {
  type Attribution,
  canExplain,
  explain,
  type ExplainMethod,
  type ExplainOptions,
  type Explanation,
} from "./why/explain.ts";
