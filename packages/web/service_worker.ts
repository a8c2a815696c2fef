/**
 * The page without a network: its files are kept after the first visit, and used when the host does
 * not answer. With a network, the host is asked first, so nothing of an older version is shown.
 *
 * @module
 */

/** What the build knows about the page's files. */
export interface KeptFiles {
  /** A hash of all files; files of other versions are deleted. */
  version: string;
  /** The names of the files, starting with the page at the folder's own address. */
  files: readonly string[];
}

interface Lifetime extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Fetching extends Lifetime {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Scope {
  registration: { scope: string };
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(type: "install" | "activate", listen: (event: Lifetime) => void): void;
  addEventListener(type: "fetch", listen: (event: Fetching) => void): void;
}

const PATIENCE = 4000; // milliseconds: a host that takes longer counts as unreachable

/** Keeps the page's files, and answers requests with them. */
export function serveOffline({ version, files }: KeptFiles): void {
  const worker = globalThis as unknown as Scope;
  const { scope } = worker.registration;
  const own = `unroll ${scope} `; // another copy on the same host keeps its own files
  const [index] = files;
  const nameOf = (url: string) => url.slice(scope.length).replace(/[?#].*/, "") || index;

  const keep = async () => {
    const cache = await caches.open(own + version);
    await Promise.all(files.map(async (name) => {
      const response = await fetch(scope + name, { cache: "no-cache" });
      if (!response.ok) throw new Error(`${name}: ${response.status}`);
      await cache.put(scope + name, await withoutRedirect(response));
    }));
    await worker.skipWaiting();
  };
  const drop = async () => {
    const names = await caches.keys();
    const older = names.filter((name) => name.startsWith(own) && name !== own + version);
    await Promise.all(older.map((name) => caches.delete(name)));
    await worker.clients.claim();
  };
  const answer = async (request: Request, name: string): Promise<Response> => {
    const cache = await caches.open(own + version);
    const kept = await cache.match(scope + name);
    try {
      // A navigation request cannot be repeated with an abort signal; the timeout runs beside it.
      const response = await (kept ? withPatience(fetch(request)) : fetch(request));
      return response.status < 500 || !kept ? response : kept;
    } catch (error) {
      if (kept) return kept;
      throw error;
    }
  };

  worker.addEventListener("install", (event) => event.waitUntil(keep()));
  worker.addEventListener("activate", (event) => event.waitUntil(drop()));
  worker.addEventListener("fetch", (event) => {
    const { method, url } = event.request;
    if (method !== "GET" || !url.startsWith(scope)) return;
    const name = nameOf(url);
    if (files.includes(name)) event.respondWith(answer(event.request, name));
  });
}

function withPatience(response: Promise<Response>): Promise<Response> {
  return Promise.race([
    response,
    new Promise<never>((_, fail) => setTimeout(() => fail(new Error("too slow")), PATIENCE)),
  ]);
}

/** Copies a redirected response, because browsers refuse to show it as a page. */
async function withoutRedirect(response: Response): Promise<Response> {
  if (!response.redirected) return response;
  return new Response(await response.blob(), { headers: response.headers });
}
