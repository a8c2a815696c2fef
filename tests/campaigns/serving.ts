/**
 * A server in a separate process, and clients that send it raw bytes.
 *
 * @module
 */
import { assertEquals } from "@std/assert";

const ROOT = new URL("../../", import.meta.url).pathname;
const HEAD = "host: 127.0.0.1\r\ncontent-type: application/json\r\n";

/** A running server. */
export interface Server {
  port: number;
  child: Deno.ChildProcess;
  /** The lines of its log. */
  log: string[];
  /** Returns its resident memory in bytes, on Linux. */
  memory(): number;
  /** Returns the number of its open files and connections, on Linux. */
  open(): number;
  /** Stops it by SIGTERM, and returns its exit status. */
  end(): Promise<number>;
}

/** Starts a server on a free port. */
export async function startServer(model: string, flags: string[] = []): Promise<Server> {
  // A benchmark may only run the deno on the PATH.
  const own = Deno.execPath(), query = { name: "run", command: own } as const;
  const isOwn = Deno.permissions.querySync(query).state === "granted";
  const child = new Deno.Command(isOwn ? own : "deno", {
    args: [
      ...["run", "--quiet", "--no-check", `--lock=${ROOT}gpujs.lock`, "--no-prompt"],
      ...["--allow-read", "--allow-net=127.0.0.1", `${ROOT}packages/cli/main.ts`],
      ...["serve", "--model", model, "--port", "0", ...flags],
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const log: string[] = [];
  const isLogged = eachLine(child.stdout, (line) => log.push(line));
  const { promise: port, resolve, reject } = Promise.withResolvers<number>();
  let said = "";
  const isSaid = eachLine(child.stderr, (line) => {
    said += `${line}\n`;
    const found = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(line);
    if (found) resolve(Number(found[1]));
  });
  child.status.then(() => reject(new Error(said)));
  return {
    port: await port,
    child,
    log,
    memory: () => 1024 * Number(/VmRSS:\s*(\d+)/.exec(run("cat", `/proc/${child.pid}/status`))![1]),
    open: () => run("ls", `/proc/${child.pid}/fd`).split("\n").length,
    async end() {
      child.kill("SIGTERM");
      const { code } = await child.status;
      await Promise.all([isLogged, isSaid]);
      return code;
    },
  };
}

/** Returns the output of a program for a path in /proc, which Deno itself may not read. */
function run(program: string, path: string): string {
  const { stdout } = new Deno.Command(program, { args: [path] }).outputSync();
  return new TextDecoder().decode(stdout);
}

async function eachLine(
  stream: ReadableStream<Uint8Array>,
  take: (line: string) => void,
): Promise<void> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream() as never)) {
    text += chunk;
    const lines = text.split("\n");
    text = lines.pop()!;
    lines.forEach(take);
  }
}

/** How a client sends a request. */
export interface Manner {
  /** Milliseconds between the parts. */
  pause?: number;
  /** Whether it disconnects without waiting for the response. */
  leaves?: boolean;
}

/** Sends parts on a connection, and returns the status of the response, or 0 without one. */
export async function send(
  port: number,
  parts: readonly (string | Uint8Array)[],
  { pause = 0, leaves = false }: Manner = {},
): Promise<number> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const encoder = new TextEncoder(), buffer = new Uint8Array(1 << 14);
  let answer = "", isOver = false;
  const reading = (async () => {
    while (!answer.includes("\r\n\r\n")) {
      const count = await connection.read(buffer);
      if (count === null) break;
      answer += new TextDecoder().decode(buffer.subarray(0, count));
    }
    isOver = true;
  })().catch(() => {});
  try {
    for (const [i, part] of parts.entries()) {
      if (isOver) break;
      if (i > 0 && pause > 0) await new Promise((done) => setTimeout(done, pause));
      const bytes = typeof part === "string" ? encoder.encode(part) : part;
      for (let at = 0; at < bytes.length && !isOver;) {
        at += await connection.write(bytes.subarray(at));
      }
    }
  } catch { /* the server has closed the connection, perhaps after a response */ }
  if (leaves) return 0;
  await reading;
  return Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 0);
}

/** Returns the parts of a POST request. */
export function post(path: string, body: string | Uint8Array, more = ""): (string | Uint8Array)[] {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return [
    `POST ${path} HTTP/1.1\r\n${HEAD}${more}content-length: ${bytes.length}\r\n` +
    "connection: close\r\n\r\n",
    bytes,
  ];
}

/** Returns the head of a request with any method and headers. */
export function head(line: string, headers = HEAD): string {
  return `${line} HTTP/1.1\r\n${headers}connection: close\r\n\r\n`;
}

/** Asserts that a server still responds. */
export async function requireHealthy({ port }: Server): Promise<void> {
  assertEquals(await send(port, [head("GET /health")]), 200);
}
