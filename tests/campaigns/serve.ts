/**
 * Hostile requests to a server: none may crash it, get a wrong status, or leave anything behind.
 *
 * `deno task test:serve` sends ten thousand; the tests send a few hundred with the same functions.
 *
 * @module
 */
import { createLanguageModel, createModel, Random, writeModel } from "@unroll/core";
import { assert, assertEquals } from "@std/assert";
import {
  head,
  type Manner,
  post,
  requireHealthy,
  send,
  type Server,
  startServer,
} from "./serving.ts";

const MAX_BODY = 20_000, MAX_LENGTH = 500, TIMEOUT = 1; // bytes, characters, seconds
const AT_ONCE = 12; // clients
const MIB = 2 ** 20;
const MAX_GROWTH = 48; // MiB that the garbage collector may not have freed yet

type Request = [parts: readonly (string | Uint8Array)[], statuses: readonly number[], Manner?];

/** Requests to a classifier, with their correct statuses; 0 is no response. */
const KINDS: Record<string, (random: Random) => Request> = {
  "a good request": () => [post("/predict", '{"text":"good day"}'), [200]],
  "many texts": () => [post("/predict", JSON.stringify({ texts: Array(50).fill("bad") })), [200]],
  "too many texts": () => [
    post("/predict", JSON.stringify({ texts: Array(300).fill("bad") })),
    [422],
  ],
  "a long body": (random) => [
    post("/predict", `{"text":"${"a".repeat(MAX_BODY * (1 + below(random, 20)))}"}`),
    [413],
  ],
  "a long body in chunks": () => [
    [
      head("POST /predict", CHUNKED),
      ...Array(30).fill(`400\r\n${"a".repeat(1024)}\r\n`),
      "0\r\n\r\n",
    ],
    [413],
  ],
  "invalid chunks": () => [[head("POST /predict", CHUNKED), "zz\r\nhello\r\n"], [0, 400]],
  "a long text": () => [
    post("/predict", JSON.stringify({ text: "good ".repeat(MAX_LENGTH) })),
    [422],
  ],
  "truncated JSON": (random) => [
    post("/predict", '{"text":"good"}'.slice(0, below(random, 15))),
    [400],
  ],
  "random bytes": (random) => [post("/predict", bytesOf(random, 1 + below(random, 200))), [400]],
  "invalid UTF-8": () => [post("/predict", Uint8Array.of(0x7b, 0xc3, 0x28, 0x7d)), [400]],
  "damaged JSON": (random) => {
    const bytes = new TextEncoder().encode('{"texts":["good","bad day","so"]}');
    bytes[below(random, bytes.length)] = below(random, 256);
    return [post("/predict", bytes), [200, 400, 422]];
  },
  "wrong types": (random) => {
    const values = ["5", "null", "[]", "{}", "true", '{"text":1}', '{"texts":"a"}', '"good"'];
    return [post("/predict", values[below(random, values.length)]), [422]];
  },
  "deep nesting": () => [post("/predict", "[".repeat(9000) + "]".repeat(9000)), [422]],
  "unclosed nesting": () => [post("/predict", '{"text":'.repeat(2000)), [400]],
  "unknown words": () => [post("/predict", '{"text":"\\ud800 zzz \\u0000"}'), [422]],
  "another content type": () => [
    [
      head("POST /predict", "host: 127.0.0.1\r\ncontent-type: text/xml\r\ncontent-length: 2\r\n"),
      "{}",
    ],
    [415],
  ],
  "a compressed body": () => [post("/predict", "{}", "content-encoding: gzip\r\n"), [415]],
  "another path": (random) => [[head(`GET /${below(random, 1e9)}/../x?y=%00`)], [404]],
  "another method": () => [[head("DELETE /predict")], [405]],
  "another host": () => [[head("GET /health", "host: evil.example\r\n")], [403]],
  "HTTP/1.0": () => [["GET /health HTTP/1.0\r\n\r\n"], [200]],
  "garbage": (random) => [[bytesOf(random, 100), "\r\n\r\n"], [0, 400]],
  "large headers": () => [[head("GET /health", `x: ${"y".repeat(100_000)}\r\n`)], [0, 400, 431]],
  "two content lengths": () => [
    [head("POST /predict", "host: a\r\ncontent-length: 3\r\ncontent-length: 4\r\n"), "abcd"],
    [0, 400],
  ],
  "a truncated body": (random) => {
    const [first, body] = post("/predict", '{"text":"good day and more"}');
    const cut = (body as Uint8Array).subarray(0, below(random, 20));
    return [[first, cut], [0], { leaves: true }];
  },
  "a client that leaves at once": () => [[], [0], { leaves: true }],
  "a client that leaves before the response": () => [
    post("/predict", '{"text":"good day"}'),
    [0],
    { leaves: true },
  ],
};

/** Requests that take as long as the timeout, so fewer of them are sent. */
const SLOW: Record<string, (random: Random) => Request> = {
  "a body that does not arrive": () => [
    [head("POST /predict", `${JSON_HEAD}content-length: 15\r\n`), '{"te'],
    [408],
  ],
  "a body that arrives slowly": () => [
    [head("POST /predict", `${JSON_HEAD}content-length: 90\r\n`), ...Array(90).fill("a")],
    [408],
    { pause: 100 },
  ],
};
const JSON_HEAD = "host: 127.0.0.1\r\ncontent-type: application/json\r\n";
const CHUNKED = `${JSON_HEAD}transfer-encoding: chunked\r\n`;

function below(random: Random, n: number): number {
  return Math.floor(random.uniform() * n);
}

function bytesOf(random: Random, count: number): Uint8Array {
  // Neither JSON nor HTTP begins with the first byte.
  return Uint8Array.from({ length: count }, (_, i) => i === 0 ? 0xff : below(random, 256));
}

/** The results of a campaign. */
export interface ServeCampaign {
  requests: number;
  statuses: Record<string, number>;
  /** The server's memory in MiB after each tenth of the requests. */
  memory: number[];
}

/** Sends hostile requests to a server of a classifier, and checks its memory. */
export async function sendHostile(folder: string, count: number): Promise<ServeCampaign> {
  const examples = [{ text: "good day", label: "up" }, { text: "bad day", label: "down" }];
  const path = `${folder}/classifier.safetensors`;
  await Deno.writeFile(path, writeModel(createModel(examples, { cell: "gru", hidden: 32 })));
  const limits = { "max-body": MAX_BODY, "max-length": MAX_LENGTH, "timeout": TIMEOUT };
  const server = await startServer(
    path,
    Object.entries(limits).flatMap(([name, value]) => [`--${name}`, String(value)]),
  );
  await requireHealthy(server);
  const opened = server.open();
  const statuses: Record<string, number> = {}, names = Object.keys(KINDS);
  const memory: number[] = [];
  let next = 0;
  const client = async (kinds: Record<string, (random: Random) => Request>, most: () => number) => {
    const own = Object.keys(kinds);
    for (let i; (i = most()) >= 0;) {
      const kind = own[i % own.length], [parts, right, manner] = kinds[kind](new Random(i));
      const status = await send(server.port, parts, manner);
      assert(right.includes(status), `${kind} (${i}): expected ${right}, got ${status}`);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (next >= (memory.length + 1) * count / 10) memory.push(server.memory() / MIB);
    }
  };
  const fast = () => next < count ? next++ : -1;
  let slow = 0;
  // Slow requests are sent in parallel, for as long as the others.
  const slowly = () => next < count || slow < 2 ? slow++ : -1;
  await Promise.all([
    ...Array.from({ length: AT_ONCE }, () => client(KINDS, fast)),
    ...Array.from({ length: 4 }, () => client(SLOW, slowly)),
  ]);
  assert(count < names.length || Object.keys(statuses).length >= 8);
  await requireHealthy(server);
  await new Promise((done) => setTimeout(done, 1000 * TIMEOUT + 500)); // until the rest time out
  assert(server.open() <= opened + 2, `${server.open()} files are open, but ${opened} before`);
  const [half, last] = [memory[4], memory.at(-1)!];
  assert(last - half < MAX_GROWTH, `memory grew from ${half} to ${last} MiB in the second half`);
  assertEquals(await server.end(), 0);
  const records = server.log.map((line) => JSON.parse(line));
  assertEquals(records.filter(({ status, error }) => status >= 500 || error), []);
  const requests = count + slow;
  return { requests, statuses, memory: memory.map(Math.round) };
}

const LEAVING = 40; // clients; a server generates for sixteen at a time

/** Stops a server by SIGTERM while it generates a text, after other clients have disconnected. */
export async function endWhileWriting(folder: string): Promise<void> {
  const path = `${folder}/writer.safetensors`;
  const model = createLanguageModel([{ text: "abcd ".repeat(20) }], { cell: "gru", hidden: 64 });
  await Deno.writeFile(path, writeModel(model));
  const server = await startServer(path);
  const ask = (length: number) =>
    fetch(`http://127.0.0.1:${server.port}/generate`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ length }),
    });
  const left = (await ask(10_000)).body!.getReader();
  await left.read();
  await left.cancel(); // this client disconnects
  const start = post("/generate", '{"length":10000}');
  for (let i = 0; i < LEAVING; i++) await send(server.port, start, { leaves: true });
  await new Promise((done) => setTimeout(done, 1000)); // until the server notices
  const response = await ask(3000);
  const isEnded = server.end();
  const text = await response.text(); // this one is generated to its end
  assert(text.endsWith('event: done\ndata: {"count":3000}\n\n'), text.slice(-100));
  assertEquals(await isEnded, 0);
  const ends = server.log.map((line) => JSON.parse(line).end);
  assertEquals(ends.filter((end) => end === "done").length, 1);
  assert(ends.every((end) => ["done", "gone", undefined].includes(end)), ends.join());
}

export type { Server };

if (import.meta.main) {
  const count = Number(Deno.args[0] ?? 10_000);
  const folder = await Deno.makeTempDir();
  try {
    await endWhileWriting(folder);
    const begun = performance.now();
    const { requests, statuses, memory } = await sendHostile(folder, count);
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    console.log(`${requests} requests in ${seconds} s, each with a right status (0: no response):`);
    console.log(Object.entries(statuses).map(([status, n]) => `${status}: ${n}`).join(", "));
    console.log(`memory after each tenth of the requests, in MiB: ${memory.join(", ")}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
