/**
 * The equations of the network in the picture, in core's notation.
 *
 * @module
 */
import type { CellName, Head, NetworkConfig } from "@unroll/core/texts";
import type { Look } from "./picture_protocol.ts";

const CELLS = {
  rnn: (activation) => [`hₜ = ${activation}(xₜ Wxh + hₜ₋₁ Whh + b)`],
  lstm: () => [
    "i, f, o = σ(xₜ Wxh + hₜ₋₁ Whh + b)",
    "g = tanh(xₜ Wxh + hₜ₋₁ Whh + b)",
    "cₜ = f ⊙ cₜ₋₁ + i ⊙ g",
    "hₜ = o ⊙ tanh(cₜ)",
  ],
  gru: () => [
    "r, z = σ(xₜ Wxh + hₜ₋₁ Whh + b)",
    "n = tanh(xₜ Wxh + b + r ⊙ (hₜ₋₁ Whh + b′))",
    "hₜ = (1 − z) ⊙ n + z ⊙ hₜ₋₁",
  ],
  mingru: () => [
    "zₜ = σ(xₜ Wz + b_z)",
    "h̃ₜ = xₜ Wh + b_h",
    "hₜ = (1 − zₜ) ⊙ hₜ₋₁ + zₜ ⊙ h̃ₜ",
  ],
  lnlstm: () => [
    "a = LN(xₜ Wxh) ⊙ gₓ + b + LN(hₜ₋₁ Whh) ⊙ gₕ",
    "i, f, o = σ(a), g = tanh(a)",
    "cₜ = f ⊙ cₜ₋₁ + i ⊙ g",
    "hₜ = o ⊙ tanh(LN(cₜ) ⊙ g_c + b_c)",
  ],
} satisfies Record<CellName, (activation: string) => string[]>;

const HEADS = {
  last: "y = hₙ Why + b",
  mean: "y = mean(h₁ … hₙ) Why + b",
  max: "y = max(h₁ … hₙ) Why + b",
  "mean-max": "y = [mean(h₁ … hₙ), max(h₁ … hₙ)] Why + b",
  token: "yₜ = hₜ Why + b",
} satisfies Record<Head, string>;

function cellEquations({ cell, activation }: NetworkConfig): string[] {
  return CELLS[cell](activation);
}

/** Returns the equations of a network whose states are read by its head. */
export function headEquations({ config }: Look): string[] {
  return [...cellEquations(config), HEADS[config.head], "p = softmax(y)"];
}

/** Returns the equations of an encoder and a decoder. */
export function decoderEquations({ config, translation }: Look): string[] {
  const cell = cellEquations(config);
  if (!translation?.attention) return [...cell, "s₀ = hₙ", "y = sₜ Why + b"];
  return [...cell, "a = softmax(sₜ h₁, …, sₜ hₙ)", "y = tanh([Σ aⱼ hⱼ, sₜ] Wc) Why + b"];
}
