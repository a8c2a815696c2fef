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

// Workers have their own policy. The kernels' threads are workers from memory; gpu.js creates its
// kernels as functions from text, so it has a separate worker. A worker's imports count as scripts in
// Chromium, and as workers in Firefox.
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

/** How to serve a folder. */
export interface ServeOptions {
  /** Another host name to answer to, such as that of a proxy in front of the server. */
  host?: string;
  /** Whether pages of any site may show it in a frame. Default: false. */
  isEmbeddable?: boolean;
}

/** A file to send, read and compressed once. */
interface Packed {
  changedAt: number;
  plain: Uint8Array<ArrayBuffer>;
  gzip: Uint8Array<ArrayBuffer>;
}

/** The files sent so far, by path. */
export type PackedFiles = Map<string, Packed>;

/** Serves a folder on 127.0.0.1, and prints the address. Port 0 stands for any free port. */
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
 * Answers a request. A request for another host name may come from a page whose name was made to
 * point at this machine (DNS rebinding), and is refused.
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
  // Only names of files directly in the folder: nothing else on the disk.
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
      "cross-origin-opener-policy": "same-origin", // with the next: shared memory for threads
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-resource-policy": isEmbeddable ? "cross-origin" : "same-origin",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    },
  });
}

/** Returns whether a host matches a name, at any port if the name has none. */
function isNamed(asked: string, host: string): boolean {
  return asked === host || asked.replace(/:\d+$/, "") === host;
}

/** Reads a file of the folder; reads it again if it has changed since. */
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
