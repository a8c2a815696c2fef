/**
 * A run that was kept: its network stays to be asked while another one trains.
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

const MAX_WORDS = 40; // of which each is left out once

/** A network and its settings, as they were when they were kept. */
interface Network {
  model: Model;
  settings: Settings;
}

/** What is kept. */
export interface Kept extends Network {
  run: KeptRun;
}

/** The run that was kept, beside the one that is there. */
export class KeptRuns {
  kept: Kept | undefined;

  /** @param current The run that is there. */
  constructor(readonly current: () => Training | undefined) {}

  get #there(): Training {
    const training = this.current();
    if (!training) throw new Error(words.problems.noData);
    return training;
  }

  /** Keeps the run as it is now. Training makes new weights at each step, so that these stay. */
  keep(): KeptRun {
    const { experiment, history, position } = this.#there, { settings } = experiment;
    const { parameters } = readyOf(experiment);
    const run = { settings, parameters, epochs: position.epoch - 1, rows: [...history.rows] };
    this.kept = { model: { ...experiment.model }, settings, run };
    return run;
  }

  /** Keeps it no longer. */
  drop(): void {
    this.kept = undefined;
  }

  /** The kept network over a text; none where it cannot read it. */
  async look(asked: AskedText): Promise<Look | undefined> {
    if (!this.kept) return undefined;
    const { model, settings } = this.kept, { backend } = this.#there.experiment.computing;
    if (!isReadable(this.kept, asked.text)) return undefined;
    return await lookAt(backend, model, settings, asked, false);
  }

  /** How far each word of a text reaches: in the network that is there, and in the kept one. */
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
