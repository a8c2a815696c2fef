/** Runs mutants in a child process, and writes the result of each as a line of JSON. */
import { setImmediate } from "node:timers";
import { type Kind, type Range, runMutants } from "./run.ts";

const MAX_GROWTH = 500 * 1024; // KiB for one mutant
const MAX_TIME = 2000; // milliseconds for one mutant

/** A message of the child: the next mutant, or the result of one. */
export type Line = { begins: number; what?: string } | {
  number: number;
  what: string;
  outcome?: string;
  failure?: string;
};

function say(line: Line): void {
  const bytes = new TextEncoder().encode(JSON.stringify(line) + "\n");
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}

async function main([kind, seed, from, count]: string[]): Promise<void> {
  const shared = new SharedArrayBuffer(4);
  const peak = new Int32Array(shared);
  const sampler = new Worker(new URL("./peak.ts", import.meta.url), { type: "module" });
  sampler.postMessage(shared);
  const held = () => Deno.memoryUsage().rss / 1024;
  let before = 0;
  const begin = (number: number, what?: string) => {
    say({ begins: number, what });
    before = held();
    Atomics.store(peak, 0, before);
  };
  let rejection: unknown;
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    rejection = event.reason;
  });
  const check = async () => {
    await new Promise<void>((resolve) => setImmediate(resolve)); // when unhandled rejections are known
    if (rejection !== undefined) {
      const text = `leaves a promise rejected: ${rejection}`;
      rejection = undefined;
      return text;
    }
    const grown = Math.round(Math.max(held(), Atomics.load(peak, 0)) - before);
    return grown > MAX_GROWTH ? `takes ${grown >> 10} MiB` : undefined;
  };
  const range: Range = {
    kind: kind as Kind,
    seed: Number(seed),
    from: Number(from),
    count: Number(count),
  };
  for await (const result of runMutants(range, { begin, check, maxTime: MAX_TIME })) say(result);
  sampler.terminate();
}

if (import.meta.main) await main(Deno.args);
