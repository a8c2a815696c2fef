/**
 * Serves the built page on this machine, compressed, with the headers that a careful host would
 * send.
 *
 * @module
 */

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

const PAGE = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; " +
  "style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors ";

// A worker has a policy of its own. The kernels' threads are workers from memory; gpu.js makes its
// kernels as functions from text, and so has a worker to itself. What a worker imports is a script in
// Chromium, and a worker in Firefox.
const WORKER =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' blob:; worker-src 'self' blob:";
const GPU_WORKER = "default-src 'none'; script-src 'self' 'unsafe-eval' blob:; worker-src blob:";
const SERVICE_WORKER = "default-src 'none'; connect-src 'self'";

function policyOf(name: string, isEmbeddable: boolean): string {
  if (name === "worker_gpujs.js") return GPU_WORKER;
  if (name === "service_worker.js") return SERVICE_WORKER;
  if (/^((forecast|gestures)_)?worker\.js$/.test(name)) return WORKER;
  return PAGE + (isEmbeddable ? "*" : "'none'");
}

/** How a folder is served. */
export interface ServeOptions {
  /** A name that the server answers to besides this machine's own, as of a proxy before it. */
  host?: string;
  /** Whether pages of any site may show it in a frame. Default: none may. */
  isEmbeddable?: boolean;
}

/** A file as it is sent, read and compressed once. */
interface Packed {
  changedAt: number;
  plain: Uint8Array<ArrayBuffer>;
  gzip: Uint8Array<ArrayBuffer>;
}

/** Files that were sent, by their paths. */
export type PackedFiles = Map<string, Packed>;

/** Serves a folder on 127.0.0.1 and prints the address. A port of 0 is any that is free. */
export function serve(
  folder: string,
  port: number,
  options: ServeOptions = {},
): Deno.HttpServer<Deno.NetAddr> {
  const packed: PackedFiles = new Map();
  const server: Deno.HttpServer<Deno.NetAddr> = Deno.serve({
    port,
    hostname: "127.0.0.1",
    onListen: ({ port }) => console.log(`The playground is at http://127.0.0.1:${port}/`),
  }, (request) => answer(folder, request, server.addr.port, { ...options, packed }));
  return server;
}

/**
 * The answer to a request at a port. One for another host's name comes from a page whose name was
 * made to point at this machine, and is refused.
 */
export async function answer(
  folder: string,
  request: Request,
  port: number,
  { host, isEmbeddable = false, packed = new Map() }: ServeOptions & { packed?: PackedFiles } = {},
): Promise<Response> {
  const asked = request.headers.get("host")?.toLowerCase() ?? "";
  const hosts = ["127.0.0.1", "localhost", "[::1]"]
    .map((name) => port === 80 ? name : `${name}:${port}`);
  if (!hosts.includes(asked) && (host === undefined || !isNamed(asked, host.toLowerCase()))) {
    return new Response(`Forbidden: the address is http://${hosts[0]}/\n`, { status: 403 });
  }
  const path = new URL(request.url).pathname;
  const name = path === "/" ? "index.html" : path.slice(1);
  const type = TYPES[name.split(".").at(-1)!];
  // Names of the folder's own files alone: nothing else of the disk.
  if (!type || !/^[\w-]+\.\w+$/.test(name)) return new Response("Not found", { status: 404 });
  const file = await packedFile(`${folder}/${name}`, packed);
  if (!file) return new Response("Not found", { status: 404 });
  const isGzip = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(
    request.headers.get("accept-encoding") ?? "",
  );
  return new Response(isGzip ? file.gzip : file.plain, {
    headers: {
      "content-type": type,
      ...(isGzip && { "content-encoding": "gzip" }),
      "vary": "accept-encoding",
      "content-security-policy": policyOf(name, isEmbeddable),
      "cross-origin-opener-policy": "same-origin", // with the next: memory that threads share
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-resource-policy": isEmbeddable ? "cross-origin" : "same-origin",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    },
  });
}

/** Whether a host is the one of a name, at any port where the name has none. */
function isNamed(asked: string, host: string): boolean {
  return asked === host || asked.replace(/:\d+$/, "") === host;
}

/** A file of the folder; read anew where it was written since. */
async function packedFile(path: string, packed: PackedFiles): Promise<Packed | undefined> {
  try {
    const changedAt = (await Deno.stat(path)).mtime?.getTime() ?? 0;
    const there = packed.get(path);
    if (there?.changedAt === changedAt) return there;
    const plain = await Deno.readFile(path);
    const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream("gzip"));
    const gzip = new Uint8Array(await new Response(stream).arrayBuffer());
    const file = { changedAt, plain, gzip };
    packed.set(path, file);
    return file;
  } catch {
    return undefined;
  }
}
