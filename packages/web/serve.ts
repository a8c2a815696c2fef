/**
 * Serves the built page on this machine, with the headers that a careful host would send.
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
  "style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// A worker has a policy of its own. The kernels' threads are workers from memory; gpu.js makes its
// kernels as functions from text, and so has a worker to itself.
const WORKER = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' blob:; worker-src blob:";
const GPU_WORKER = "default-src 'none'; script-src 'self' 'unsafe-eval' blob:; worker-src blob:";

function policyOf(name: string): string {
  if (name === "worker_gpujs.js") return GPU_WORKER;
  return /^((forecast|gestures)_)?worker\.js$/.test(name) ? WORKER : PAGE;
}

/** Serves a folder on 127.0.0.1 and prints the address. A port of 0 is any that is free. */
export function serve(folder: string, port: number): Deno.HttpServer<Deno.NetAddr> {
  const server: Deno.HttpServer<Deno.NetAddr> = Deno.serve({
    port,
    hostname: "127.0.0.1",
    onListen: ({ port }) => console.log(`The playground is at http://127.0.0.1:${port}/`),
  }, (request) => answer(folder, request, server.addr.port));
  return server;
}

/**
 * The answer to a request at a port. One for another host's name comes from a page whose name was
 * made to point at this machine, and is refused.
 */
export async function answer(folder: string, request: Request, port: number): Promise<Response> {
  const hosts = ["127.0.0.1", "localhost"].map((name) => port === 80 ? name : `${name}:${port}`);
  if (!hosts.includes(request.headers.get("host") ?? "")) {
    return new Response(`Forbidden: the address is http://${hosts[0]}/\n`, { status: 403 });
  }
  const path = new URL(request.url).pathname;
  const name = path === "/" ? "index.html" : path.slice(1);
  const type = TYPES[name.split(".").at(-1)!];
  // Names of the folder's own files alone: nothing else of the disk.
  if (!type || !/^[\w-]+\.\w+$/.test(name)) return new Response("Not found", { status: 404 });
  try {
    return new Response(await Deno.readFile(`${folder}/${name}`), {
      headers: {
        "content-type": type,
        "content-security-policy": policyOf(name),
        "cross-origin-opener-policy": "same-origin", // with the next: memory that threads share
        "cross-origin-embedder-policy": "require-corp",
        "cross-origin-resource-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
      },
    });
  } catch {
    return new Response("Not found", { status: 404 });
  }
}
