/**
 * Keeps the page in the browser for offline use.
 *
 * @module
 */
import { scriptUrl } from "./worker_client.ts";

const DELAY = 1500; // milliseconds, so that the page itself loads first

/** Registers the service worker, unless the page is embedded or its origin is not secure. */
export function keepForOffline(): void {
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer };
  if (!serviceWorker || !isSecureContext || globalThis.self !== globalThis.top) return;
  // If registration is refused, the page works as before: nothing to report.
  const keep = () => serviceWorker.register(scriptUrl("./service_worker.js")).catch(() => {});
  setTimeout(keep, DELAY);
}
