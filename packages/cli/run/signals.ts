/**
 * What ends a training from outside: Ctrl-C, a container's stop, a closed terminal.
 *
 * @module
 */

/** The signals that ask for an end, and the exit status after each. */
const STATUS: { [signal in Deno.Signal]?: number } = Deno.build.os === "windows"
  ? { SIGINT: 130, SIGBREAK: 149, SIGHUP: 129 }
  : { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

// A closed terminal and `deno task` hand the same signal on twice, in a moment.
const SAME = 250; // milliseconds

/** Whether the run was started by nohup: then a closed terminal shall change nothing. */
function isHangupIgnored(): boolean {
  const query = { name: "env", variable: "_" } as const; // where a shell leaves what it started
  if (Deno.permissions.querySync(query).state !== "granted") return false;
  return /(^|\/)nohup$/.test(Deno.env.get("_") ?? "");
}

/** What has come. */
export interface Signals {
  /** Is aborted by the first signal. */
  readonly signal: AbortSignal;
  /** The exit status that it asks for; 0 where none has come. */
  status(): number;
  /** From now there is nothing to wait for: the first signal ends the process as well. */
  release(): void;
  /** Hears no more. */
  end(): void;
}

/**
 * Hears the signals that ask for an end. The second ends the process at once.
 *
 * @param leave What to do before that.
 */
export function hearSignals(leave: () => void): Signals {
  const stop = new AbortController();
  let status = 0, first = 0, isFree = false;
  const isNohup = isHangupIgnored();
  const heard = Object.entries(STATUS).map(([name, code]) => {
    const listener = () => {
      if (name === "SIGHUP" && isNohup) return; // Deno would end, whatever nohup has set
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
