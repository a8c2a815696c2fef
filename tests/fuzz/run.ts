/** Makes mutants one after the other, in this process. */
import { dataMutant } from "./data_mutants.ts";
import { useDataMutant } from "./data_use.ts";
import { Dice } from "./dice.ts";
import { modelSeeds } from "./model_corpus.ts";
import { modelMutant } from "./model_mutants.ts";
import { useModelMutant } from "./model_use.ts";
import type { Outcome } from "./oracle.ts";

/** What is damaged: files of models and checkpoints, or of data. */
export type Kind = "models" | "data";

/** Which mutants to make. */
export interface Range {
  kind: Kind;
  seed: number;
  /** The number of the first, from 1. */
  from: number;
  count: number;
}

/** A mutant that ended well, or why it did not. */
export interface Result {
  number: number;
  what: string;
  outcome?: Outcome;
  failure?: string;
}

const TRIES = 3; // as another program may have taken the time

/** What is done beside the mutants. */
export interface Watch {
  /** Called before a mutant is made, and with what was done to it before it is used. */
  begin?: (number: number, what?: string) => void;
  /** Called after it was used; gives what is wrong besides, if anything. */
  check?: () => Promise<string | undefined>;
  /** How many milliseconds one may take. Default: any. */
  maxTime?: number;
}

/** A mutant, ready to be used. */
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

/** The result of each mutant of a range. */
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

/** An error in one line, with the place in the source that it came from. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return `throws ${String(error)}`;
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const place = frames.map((line) => /packages\/.*?:\d+/.exec(line)?.[0]).find(Boolean);
  return `${error.name}: ${error.message.split("\n", 1)[0]}${place ? ` (${place})` : ""}`;
}
