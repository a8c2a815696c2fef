/** Runs mutants one after the other, in this process. */
import { dataMutant } from "./data_mutants.ts";
import { useDataMutant } from "./data_use.ts";
import { Dice } from "./dice.ts";
import { modelSeeds } from "./model_corpus.ts";
import { modelMutant } from "./model_mutants.ts";
import { useModelMutant } from "./model_use.ts";
import type { Outcome } from "./oracle.ts";

/** The kind of files to damage: models and checkpoints, or data. */
export type Kind = "models" | "data";

/** The range of mutants. */
export interface Range {
  kind: Kind;
  seed: number;
  /** The number of the first, from 1. */
  from: number;
  count: number;
}

/** The result of a mutant: passed, or why not. */
export interface Result {
  number: number;
  what: string;
  outcome?: Outcome;
  failure?: string;
}

const TRIES = 3; // because another program may have taken the time

/** Callbacks and limits. */
export interface Watch {
  /** Called before a mutant is created, and with its description before it is used. */
  begin?: (number: number, what?: string) => void;
  /** Called after it was used; returns a further problem, if any. */
  check?: () => Promise<string | undefined>;
  /** The maximum milliseconds per mutant. Default: no limit. */
  maxTime?: number;
}

/** A mutant that is ready to be used. */
interface Case {
  what: string;
  use: () => Promise<Outcome>;
}

async function caseMaker(kind: Kind): Promise<(dice: Dice) => Case> {
  if (kind === "data") {
    return (dice) => {
      const mutant = dataMutant(dice);
      return { what: mutant.what, use: () => useDataMutant(mutant, dice) };
    };
  }
  const seeds = await modelSeeds();
  return (dice) => {
    const mutant = modelMutant(seeds, dice);
    return { what: mutant.what, use: () => useModelMutant(mutant, dice) };
  };
}

/** Yields the result of each mutant in a range. */
export async function* runMutants(
  { kind, seed, from, count }: Range,
  { begin = () => {}, check, maxTime = Infinity }: Watch = {},
): AsyncGenerator<Result, void, void> {
  const make = await caseMaker(kind);
  for (let number = from; number < from + count; number++) {
    begin(number);
    const result: Result = { number, what: "" };
    let time = 0;
    for (let tries = 0; tries < TRIES && (tries === 0 || time > maxTime); tries++) {
      const { what, use } = make(new Dice(seed, number));
      begin(number, what);
      const start = Date.now();
      try {
        result.what = what;
        result.outcome = await use();
      } catch (error) {
        result.failure = describe(error);
      }
      time = Date.now() - start;
    }
    if (time > maxTime) result.failure ??= `takes ${time} ms`;
    result.failure ??= await check?.();
    yield result;
  }
}

/** Formats an error in one line, with its position in the source. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return `throws ${String(error)}`;
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const place = frames.map((line) => /packages\/.*?:\d+/.exec(line)?.[0]).find(Boolean);
  return `${error.name}: ${error.message.split("\n", 1)[0]}${place ? ` (${place})` : ""}`;
}
