/**
 * Compares exported modules with their models.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { createCpuBackend } from "@unroll/backend-cpu";
import { type AnyModel, type Model, predict } from "@unroll/core";
import { exportJs, type JsOptions } from "@unroll/core/export";

const backend = createCpuBackend({ dtype: "float64" });
const TOLERANCE = 1e-5;

/** The exports of a module. */
export interface JsModule {
  // deno-lint-ignore no-explicit-any
  predict(...given: unknown[]): any;
  generate(options: unknown): Generator<string, void, void>;
  load(source?: unknown): Promise<void>;
}

/** Returns the source of a model's module. */
export function sourceOf(model: Model, options?: JsOptions): string {
  return String(exportJs(model, options)[0].content);
}

/** Imports a module from its source. */
export async function imported(source: string): Promise<JsModule> {
  return await import(`data:text/javascript,${encodeURIComponent(source)}`);
}

/** Throws unless a module's prediction equals the model's, up to rounding. */
export function assertSame(actual: unknown, expected: unknown, place = ""): void {
  if (typeof expected === "number") {
    const scale = Math.max(1, Math.abs(expected));
    return assertAlmostEquals(actual as number, expected, TOLERANCE * scale, place);
  }
  if (typeof expected !== "object" || expected === null) {
    return assertEquals(actual, expected, place);
  }
  const own = Object.entries(expected);
  assertEquals(Object.keys(Object(actual)).sort(), own.map(([key]) => key).sort(), place);
  for (const [key, value] of own) {
    assertSame((actual as Record<string, unknown>)[key], value, `${place}.${key}`);
  }
}

/** Throws unless a model's module predicts the same as the model. */
export async function assertPredictsAs(
  model: Model,
  asked: readonly unknown[],
  options?: Record<string, unknown>,
): Promise<void> {
  const module = await imported(sourceOf(model));
  const answers = await predict<AnyModel>(backend, model, asked as never, options as never);
  assert(asked.length > 0);
  for (const [i, answer] of (answers as object[]).entries()) {
    const { text: _, logits: __, ...expected } = answer as Record<string, unknown>;
    const given = module.predict(asked[i], options);
    assertSame(given, Array.isArray(answer) ? answer : expected, JSON.stringify(asked[i]));
  }
}
