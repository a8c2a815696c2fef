/**
 * Signals that end a training run: Ctrl-C, a container's stop, a closed terminal.
 *
 * @module
 */

/** The signals that ask the process to end, and the exit status for each. */
const STATUS: { [signal in Deno.Signal]?: number } = Deno.build.os === "windows"
  ? { SIGINT: 130, SIGBREAK: 149, SIGHUP: 129 }
  : { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

// A closed terminal and `deno task` both forward the signal, so it arrives twice within a moment.
const SAME = 250; // milliseconds

/** Returns whether nohup started the process, so that a closed terminal must not end it. */
function isHangupIgnored(): boolean {
  const query = { name: "env", variable: "_" } as const; // where a shell leaves what it started
  if (Deno.permissions.querySync(query).state !== "granted") return false;
  return /(^|\/)nohup$/.test(Deno.env.get("_") ?? "");
}

/** The signals that have arrived. */
export interface Signals {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Returns the exit status of the first signal; 0 if none has arrived. */
  status(): number;
  /** Makes every later signal end the process at once, even the first. */
  release(): void;
  /** Removes the signal listeners. */
  end(): void;
}

/**
 * Listens to the signals that ask the process to end. The second one ends it at once.
 *
 * @param leave Called before the process ends at once.
 */
export function hearSignals(leave: () => void): Signals {
  const stop = new AbortController();
  let status = 0, first = 0, isFree = false;
  const isNohup = isHangupIgnored();
  const heard = Object.entries(STATUS).map(([name, code]) => {
    const listener = () => {
      if (name === "SIGHUP" && isNohup) return; // without a listener Deno would end despite nohup
      const now = Date.now();
      if (status !== 0 && now - first < SAME) return;
      if (status !== 0 || isFree) {
        leave();
        Deno.exit(code);
      }
      status = code;
      first = now;
      stop.abort();
    };
    Deno.addSignalListener(name as Deno.Signal, listener);
    return () => Deno.removeSignalListener(name as Deno.Signal, listener);
  });
  return {
    signal: stop.signal,
    status: () => status,
    release: () => isFree = true,
    end: () => heard.forEach((remove) => remove()),
  };
}
