/**
 * What is asked of single answers and units: each word's share in an answer, and the equations of a
 * unit with their numbers. Apart from `texts.ts`, so that a page loads it when somebody asks.
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
