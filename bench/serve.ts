/**
 * Load-tests a server from another process: requests per second and latency, next to the same model
 * called in a loop. The network is that of the workload `sentence`, with one text of 64 words per
 * request.
 *
 *   deno task bench:serve [SECONDS]
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import { type ClassificationModel, createModel, createPredictor, writeModel } from "@unroll/core";
import { startServer } from "#tests/campaigns/serving.ts";
import { fail } from "./fail.ts";
import { machine } from "./report.ts";
import { median } from "./turns.ts";
import { WORKLOADS } from "./workloads.ts";

const CLIENTS = 32; // each sends its next request when it has its response
const OTHERS = [1, 8, 128];
const TURNS = 6; // of loops and load, because the speed of a shared machine varies
const LOOP = 3, SHORT = 10; // seconds of a loop in a turn, and of the other loads
const TEXTS = 500;
const MIB = 2 ** 20;

/** Returns the network of `sentence`, untrained. */
function modelOf(): ClassificationModel {
  const { config, words, timeSteps, labels } = WORKLOADS.sentence;
  const examples = Array.from({ length: Math.ceil(words / timeSteps) }, (_, i) => ({
    text: Array.from({ length: timeSteps }, (_, t) => `w${i * timeSteps + t}`).join(" "),
    label: `l${i % labels}`,
  }));
  return createModel(examples, { ...config, head: "last", init: "scaled", minCount: 1 });
}

/** Returns texts of known words, in steps of a prime number. */
function textsOf(): string[] {
  const { words, timeSteps } = WORKLOADS.sentence;
  return Array.from(
    { length: TEXTS },
    (_, i) =>
      Array.from({ length: timeSteps }, (_, t) => `w${(7919 * (i * timeSteps + t)) % words}`).join(
        " ",
      ),
  );
}

/** Calls the model with `size` texts at a time; returns the texts per second. */
async function loop(model: ClassificationModel, texts: readonly string[], size: number) {
  const backend = createCpuBackend();
  using predictor = createPredictor(backend, model);
  await predictor.predict(texts.slice(0, size));
  const begun = performance.now();
  let count = 0;
  while (performance.now() - begun < 1000 * LOOP) {
    const at = count % (texts.length - size);
    await predictor.predict(texts.slice(at, at + size));
    count += size;
  }
  return count / (performance.now() - begun) * 1000;
}

/** Sends requests on one connection until a deadline. */
async function client(port: number, texts: readonly string[], until: number, times: number[]) {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  connection.setNoDelay(true);
  const encoder = new TextEncoder(), decoder = new TextDecoder(), buffer = new Uint8Array(1 << 14);
  for (let i = 0; performance.now() < until; i++) {
    const body = JSON.stringify({ text: texts[i % texts.length] });
    const request = encoder.encode(
      "POST /predict HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n" +
        `content-length: ${body.length}\r\n\r\n${body}`,
    );
    const begun = performance.now();
    for (let at = 0; at < request.length;) at += await connection.write(request.subarray(at));
    for (let answer = ""; !answer.endsWith("}\n");) {
      const count = await connection.read(buffer);
      if (count === null) throw new Error("the server closed the connection");
      answer += decoder.decode(buffer.subarray(0, count));
      if (!answer.startsWith("HTTP/1.1 200")) throw new Error(answer);
    }
    times.push(performance.now() - begun);
  }
}

/** Loads a server with some clients for some seconds; returns the requests per second. */
async function load(
  port: number,
  texts: readonly string[],
  clients: number,
  seconds: number,
  times: number[],
): Promise<number> {
  const before = times.length, begun = performance.now(), until = begun + 1000 * seconds;
  await Promise.all(
    Array.from({ length: clients }, (_, i) => client(port, texts.slice(i), until, times)),
  );
  return (times.length - before) / (performance.now() - begun) * 1000;
}

/** Prints the measurements of a server. */
function say(clients: number, seconds: number, perSecond: number, times: number[]): void {
  const sorted = Float64Array.from(times).sort();
  const at = (fraction: number) => sorted[Math.floor(fraction * (sorted.length - 1))].toFixed(1);
  console.log(
    `${clients} clients for ${seconds.toFixed(0)} s: ${perSecond.toFixed(0)} requests per ` +
      `second, median ${at(0.5)} ms, 99th percentile ${at(0.99)} ms`,
  );
}

const seconds = Number(Deno.args[0] ?? 60);
if (!(seconds > 0)) fail(`expected SECONDS, got ${Deno.args[0]}`);
console.log(machine());
const model = modelOf(), texts = textsOf();
const path = await Deno.makeTempFile();
try {
  await Deno.writeFile(path, writeModel(model));
  const server = await startServer(path);
  await load(server.port, texts, 8, 2, []); // to warm up
  const before = server.memory(), times: number[] = [];
  const single: number[] = [], together: number[] = [], served: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    single.push(await loop(model, texts, 1));
    together.push(await loop(model, texts, CLIENTS));
    served.push(await load(server.port, texts, CLIENTS, seconds / TURNS, times));
  }
  console.log(`Medians of ${TURNS} turns:`);
  console.log(`In a loop, one text after another: ${median(single).toFixed(0)} texts per second`);
  console.log(`In a loop, ${CLIENTS} at a time: ${median(together).toFixed(0)} texts per second`);
  say(CLIENTS, seconds, median(served), times);
  const [from, to] = [before, server.memory()].map((bytes) => (bytes / MIB).toFixed(0));
  console.log(`Server memory: ${from} MiB before, ${to} MiB after`);
  for (const clients of OTHERS) {
    const took = Math.min(SHORT, seconds), own: number[] = [];
    say(clients, took, await load(server.port, texts, clients, took, own), own);
  }
  const records = server.log.map((line) => JSON.parse(line));
  const status = await server.end();
  const bad = records.filter((record) => record.status !== 200);
  const batch = records.reduce((sum, record) => sum + record.batch, 0) / records.length;
  console.log(
    `${records.length} requests, ${bad.length} without an answer, ${batch.toFixed(1)} per batch ` +
      `on average; exit status ${status} after SIGTERM`,
  );
} finally {
  await Deno.remove(path);
}
