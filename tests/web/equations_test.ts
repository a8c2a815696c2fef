import { assertEquals } from "@std/assert";
import { ARTICLE_NETWORK, CELL_NAMES, type CellName, cellOf } from "@unroll/core";
import { CELLS, type PageCell } from "#web/cells.ts";
import { decoderEquations, headEquations } from "#web/equations.ts";
import type { Look } from "#web/picture_protocol.ts";
import { UNIT_EQUATIONS } from "#core/inspection/unit_equations.ts";

function lookOf(cell: CellName): Look {
  return { config: { ...ARTICLE_NETWORK, cell } } as Look;
}

Deno.test("every cell has its equations on the page", () => {
  for (const cell of CELL_NAMES) {
    const equations = headEquations(lookOf(cell));
    assertEquals(equations.slice(-2), ["y = hₙ Why + b", "p = softmax(y)"]);
    assertEquals(equations.some((line) => line.startsWith("hₜ = ")), true);
    assertEquals(decoderEquations(lookOf(cell)).slice(0, -2), equations.slice(0, -2));
  }
});

Deno.test("the page's cells match core's, in core's order", () => {
  const known = CELL_NAMES.map((name) => {
    const { activations, recurrentShapes } = cellOf(name);
    const hasWhh = "Whh" in recurrentShapes(1),
      hasUnitEquations = UNIT_EQUATIONS[name] !== undefined;
    return [name, { activations, hasWhh, hasUnitEquations }] as [string, PageCell];
  });
  assertEquals(Object.entries(CELLS), known);
});

Deno.test("minGRU's gates only read the input", () => {
  assertEquals(headEquations(lookOf("mingru")).slice(0, 3), [
    "zₜ = σ(xₜ Wz + b_z)",
    "h̃ₜ = xₜ Wh + b_h",
    "hₜ = (1 − zₜ) ⊙ hₜ₋₁ + zₜ ⊙ h̃ₜ",
  ]);
});
