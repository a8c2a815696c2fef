/**
 * The equations of the network in the picture, as core has them.
 *
 * @module
 */
import type { Look } from "./protocol.ts";

const CELLS = {
  rnn: (activation: string) => [`hₜ = ${activation}(xₜ Wxh + hₜ₋₁ Whh + b)`],
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
};

const HEADS = {
  last: "y = hₙ Why + b",
  mean: "y = mean(h₁ … hₙ) Why + b",
  max: "y = max(h₁ … hₙ) Why + b",
  token: "yₜ = hₜ Why + b",
};

/** The equations, from the words to what the network says. */
export function equationsOf({ task, config, translation }: Look): string[] {
  const cell = CELLS[config.cell](config.activation);
  if (task !== "translate") return [...cell, HEADS[config.head], "p = softmax(y)"];
  if (!translation?.attention) return [...cell, "s₀ = hₙ", "y = sₜ Why + b"];
  return [...cell, "a = softmax(sₜ h₁, …, sₜ hₙ)", "y = tanh([Σ aⱼ hⱼ, sₜ] Wc) Why + b"];
}
