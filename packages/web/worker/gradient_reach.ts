/**
 * Traces how far gradients reach back over a long text.
 *
 * @module
 */
import {
  type Backend,
  type CellName,
  createModel,
  type Example,
  type Model,
  tokenize,
  traceGradients,
} from "@unroll/core/texts";
import type { Reach } from "../picture_protocol.ts";
import type { Settings } from "../settings.ts";
import type { ReachData } from "../tasks/task.ts";
import { taskOf } from "../tasks/tasks.ts";
import { CORE } from "./core.ts";

const COMPARED_HIDDEN = 32; // hidden size of the untrained networks
// The article's cell forgets; the LSTM was designed not to.
const COMPARED: readonly CellName[] = ["rnn", "lstm"];

/**
 * Traces how far the gradient reaches back over a long text, joined from sentences of the data, in
 * untrained networks and in the network itself.
 *
 * @param known The previous result for this length: the curves of untrained networks are reused.
 */
export async function reachOf(
  backend: Backend,
  model: Model,
  examples: readonly Example[],
  settings: Settings,
  length: number,
  known: Reach | undefined,
): Promise<Reach> {
  const data = taskOf(settings).reach(CORE, model, examples, length);
  const { tokenizer, long, own } = data;
  const curves = known?.curves.filter(({ cell }) => cell) ??
    await untrained(backend, data, settings);
  const all = own
    ? [...curves, { steps: (await traceGradients(backend, model, own)).steps }]
    : curves;
  return { words: known?.words ?? tokenize(long.text, tokenizer), curves: all };
}

async function untrained(
  backend: Backend,
  { tokenizer, examples, long }: ReachData,
  settings: Settings,
): Promise<Reach["curves"]> {
  const { embedding, seed } = settings;
  const hidden = Math.min(COMPARED_HIDDEN, settings.hidden);
  const curves: Reach["curves"] = [];
  for (const cell of COMPARED) {
    const options = { hidden, embedding, init: "scaled", seed, tokenizer, cell } as const;
    const { steps } = await traceGradients(backend, createModel(examples, options), long);
    curves.push({ cell, steps });
  }
  return curves;
}
