/**
 * Has the browser keep the page for when there is no network.
 *
 * @module
 */
import { scriptUrl } from "./worker_client.ts";

const DELAY = 1500; // milliseconds, so that the page itself comes first

/** Keeps it, where it is a page of its own, over https or on this machine. */
export function keepForOffline(): void {
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer };
  if (!serviceWorker || !isSecureContext || globalThis.self !== globalThis.top) return;
  // Where that is refused, the page is as it was: there is nothing to say.
  const keep = () => serviceWorker.register(scriptUrl("./service_worker.js")).catch(() => {});
  setTimeout(keep, DELAY);
}
