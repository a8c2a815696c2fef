/** A worker that records the process's peak memory, in KiB, while others compute. */
const INTERVAL = 10; // milliseconds

/** A worker's scope, which Deno's types of a window lack. */
interface Scope {
  onmessage: (event: MessageEvent<SharedArrayBuffer>) => void;
}

(self as unknown as Scope).onmessage = ({ data }) => {
  const peak = new Int32Array(data);
  setInterval(() => {
    const now = Deno.memoryUsage().rss / 1024;
    if (now > Atomics.load(peak, 0)) Atomics.store(peak, 0, now);
  }, INTERVAL);
};
