/** In a worker: notes the most memory that the process has held, in KiB, while others compute. */
const INTERVAL = 10; // milliseconds

/** A worker's own scope, which Deno's types of a window lack. */
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
