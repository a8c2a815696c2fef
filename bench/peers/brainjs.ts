/**
 * The character workloads in brain.js, as its users write them.
 *
 *     echo 1 | deno run --allow-read --allow-env bench/peers/brainjs.ts WORKLOAD
 *
 * Its LSTM differs: it trains on one text at a time, predicts the next character, adds an embedding
 * as large as the alphabet, and takes a step of RMSprop after each text. So only its speed is
 * compared, over as many characters as in a step of the others, and not its loss.
 *
 * @module
 */
import { timed } from "../turns.ts";
import { drawBatch, WORKLOADS } from "../workloads.ts";
import { NPM, versionOf } from "./npm.ts";
import { serve } from "./serve.ts";

const { recurrent, utilities } = await import(NPM.brainjs);

const workload = WORKLOADS[Deno.args[0]];
const { config: { hidden, layers }, words } = workload;
const alphabet = Array.from({ length: words }, (_, i) => String.fromCharCode(48 + i));
const network = new recurrent.LSTM({
  hiddenLayers: new Array(layers).fill(hidden),
  dataFormatter: new utilities.DataFormatter(alphabet),
});

/** Returns texts one character shorter than the others', because it adds a step for the start. */
function texts(step: number): string[] {
  return drawBatch(workload, step).map(({ words }) =>
    Array.from(words.subarray(1), (id) => alphabet[id]).join("")
  );
}

network.train(texts(0).slice(0, 1), { iterations: 1 }); // it builds its equations at the first text
await serve(
  `brain.js ${versionOf("brainjs")}`,
  timed(texts, (batch) => {
    network.train(batch, { iterations: 1 });
    return Promise.resolve(undefined);
  }),
);
