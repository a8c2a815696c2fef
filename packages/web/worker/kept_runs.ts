/**
 * A kept run: its network stays available for comparison while another one trains.
 *
 * @module
 */
import { type Backend, type Model, traceMemory, writtenLabels } from "@unroll/core/texts";
import type { AskedText, KeptRun, Memory } from "../comparison.ts";
import type { Look } from "../picture_protocol.ts";
import type { Settings } from "../settings.ts";
import { taskOf } from "../tasks/tasks.ts";
import { shared as words } from "../words/shared.ts";
import { CORE } from "./core.ts";
import { readyOf } from "./experiment.ts";
import { lookAt } from "./inspect.ts";
import type { Training } from "./training.ts";

const MAX_WORDS = 40; // words that are left out one at a time

/** A network and its settings at the time when it was kept. */
interface Network {
  model: Model;
  settings: Settings;
}

/** A kept network and its run. */
export interface Kept extends Network {
  run: KeptRun;
}

/** Holds the kept run besides the current one. */
export class KeptRuns {
  kept: Kept | undefined;

  /** @param current Returns the current run. */
  constructor(readonly current: () => Training | undefined) {}

  get #there(): Training {
    const training = this.current();
    if (!training) throw new Error(words.problems.noData);
    return training;
  }

  /** Keeps the current run. Training creates new weights at each step, so these stay unchanged. */
  keep(): KeptRun {
    const { experiment, history, position } = this.#there, { settings } = experiment;
    const { parameters } = readyOf(experiment);
    const run = { settings, parameters, epochs: position.epoch - 1, rows: [...history.rows] };
    this.kept = { model: { ...experiment.model }, settings, run };
    return run;
  }

  /** Drops the kept run. */
  drop(): void {
    this.kept = undefined;
  }

  /** Traces the kept network over a text; undefined if it cannot read it. */
  async look(asked: AskedText): Promise<Look | undefined> {
    if (!this.kept) return undefined;
    const { model, settings } = this.kept, { backend } = this.#there.experiment.computing;
    if (!isReadable(this.kept, asked.text)) return undefined;
    return await lookAt(backend, model, settings, asked, false);
  }

  /** Traces how long each word of a text is remembered, by the current network and the kept one. */
  async memory({ layer, ...asked }: AskedText & { layer: number }) {
    const { experiment } = this.#there, { backend } = experiment.computing;
    const networks: Network[] = this.kept ? [experiment, this.kept] : [experiment];
    const found: (Memory | undefined)[] = [];
    for (const network of networks) {
      const isThere = isReadable(network, asked.text) && asked.text.trim() !== "";
      found.push(isThere ? await memoryOf(backend, network, asked, layer) : undefined);
    }
    return found;
  }
}

function isReadable({ model, settings }: Network, text: string): boolean {
  return taskOf(settings).isReadable(CORE, model, text);
}

async function memoryOf(
  backend: Backend,
  { model, settings }: Network,
  { text, actual }: AskedText,
  wanted: number,
): Promise<Memory> {
  const { layers, cell } = model.config, layer = Math.min(wanted, layers - 1);
  const label = taskOf(settings).readFor(actual, writtenLabels(model));
  const trace = await traceMemory(backend, model, text, { layer, label, maxWords: MAX_WORDS + 1 });
  const isCut = trace.words.length > MAX_WORDS;
  const differences = trace.differences.slice(0, MAX_WORDS).map((row) => row.slice(0, MAX_WORDS));
  return { words: trace.words.slice(0, MAX_WORDS), differences, layer, layers, cell, isCut };
}
