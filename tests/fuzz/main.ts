/**
 * Damages files and reads them: `deno task fuzz --seed 1 --count 20000`.
 *
 * A mutant of model files, checkpoints or data must give a valid result or a typed error, in less
 * than two seconds and 500 MB. Mutants run in a child process, so that the number of one that hangs
 * or crashes is known.
 */
import { parseArgs } from "@std/cli/parse-args";
import type { Line } from "./child.ts";
import { shorten } from "./json_tree.ts";
import type { Kind } from "./run.ts";

const PATIENCE = 20_000; // milliseconds without a line, after which a mutant counts as hanging
const HEAP = 1000; // MiB, after which V8 ends the process; more would take long to fill

const USAGE = `Damages model files, checkpoints and data files, and reads them.

  deno task fuzz --seed 1 --count 20000 [--only models|data]
  deno task fuzz --seed 1 --only models --from 4711 --count 1

  --seed N    the seed of all mutants (1)
  --count N   how many of each kind (20000)
  --from N    the number of the first (1)
  --only K    models or data alone
  --all       go on after a failure, and list each different one at the end`;

interface Asked {
  seed: number;
  count: number;
  from: number;
  kinds: Kind[];
  all: boolean;
}

interface Failure {
  kind: Kind;
  number: number;
  what: string;
  failure: string;
}

function settle(args: string[]): Asked {
  const flags = parseArgs(args, {
    string: ["seed", "count", "from", "only"],
    boolean: ["all", "help"],
    unknown: (flag) => refuse(`there is no ${flag}`),
  });
  if (flags.help) refuse(USAGE);
  const whole = (name: string, fallback: number, least: number) => {
    const value = Number(flags[name] ?? fallback);
    if (Number.isSafeInteger(value) && value >= least) return value;
    return refuse(`--${name} must be a whole number of at least ${least}, got ${flags[name]}`);
  };
  const { only, all } = flags;
  if (![undefined, "models", "data"].includes(only)) refuse("--only must be models or data");
  return {
    seed: whole("seed", 1, 0),
    count: whole("count", 20_000, 1),
    from: whole("from", 1, 1),
    kinds: only === undefined ? ["models", "data"] : [only],
    all,
  };
}

function refuse(why: string): never {
  console.error(why);
  Deno.exit(2);
}

/** Returns the lines of a stream one by one; undefined if none arrives for too long. */
async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Line | undefined> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), PATIENCE);
    });
    const next = await Promise.race([reader.read(), late]);
    clearTimeout(timer);
    if (next === undefined) yield undefined;
    else if (next.done) return;
    else {
      const lines = (rest + next.value).split("\n");
      rest = lines.pop()!;
      for (const line of lines) yield JSON.parse(line);
    }
  }
}

/** Runs mutants from a number on, until the last or one that ends the child. */
async function runChild(
  kind: Kind,
  { seed, from, count, all }: Asked,
  counts: Map<string, number>,
  fail: (failure: Failure) => void,
): Promise<number> {
  const child = new Deno.Command("deno", {
    args: [
      ...["run", "--quiet", "--no-prompt", "--allow-read"],
      `--v8-flags=--max-old-space-size=${HEAP}`,
      new URL("./child.ts", import.meta.url).pathname,
      ...[kind, seed, from, count].map(String),
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let number = from, what = "", isOver = false, isHanging = false;
  for await (const line of linesOf(child.stdout)) {
    if (line === undefined) {
      isHanging = true;
      child.kill("SIGKILL");
    } else if ("begins" in line) {
      [number, what] = [line.begins, line.what ?? ""];
    } else {
      isOver = number === from + count - 1;
      const outcome = line.failure ? "FAILED" : line.outcome!;
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      if (!line.failure) continue;
      fail({ kind, number, what: line.what, failure: line.failure });
      if (all) continue;
      child.kill("SIGKILL");
      isOver = true;
      break;
    }
  }
  const { code, signal } = await child.status;
  if (!isOver || (code !== 0 && !signal)) {
    const ending = signal ? `by ${signal}` : `with status ${code}`;
    const failure = isHanging ? "hangs" : `crashes the process ${ending}`;
    counts.set("FAILED", (counts.get("FAILED") ?? 0) + 1);
    fail({ kind, number, what, failure });
  }
  return number + 1;
}

async function main(): Promise<void> {
  const asked = settle(Deno.args);
  const { seed, from, count, kinds, all } = asked;
  const failures: Failure[] = [];
  for (const kind of kinds) {
    const start = Date.now();
    const counts = new Map<string, number>();
    for (let next = from; next < from + count && (all || failures.length === 0);) {
      const left = { ...asked, from: next, count: from + count - next };
      next = await runChild(kind, left, counts, (failure) => failures.push(failure));
    }
    console.log(`${kind}, seed ${seed}, ${((Date.now() - start) / 1000).toFixed(1)} s`);
    for (const [outcome, n] of [...counts].sort((a, b) => b[1] - a[1])) {
      console.log(`${String(n).padStart(8)}  ${outcome}`);
    }
  }
  // Of failures that differ only in numbers, the first is shown.
  const groups = Map.groupBy(failures, ({ failure }) => failure.replaceAll(/-?\d[\d.e+-]*/g, "#"));
  for (const some of groups.values()) {
    const { kind, number, what, failure } = some[0];
    const replay = `deno task fuzz --seed ${seed} --only ${kind} --from ${number} --count 1`;
    console.log(`${some.length} x ${shorten(failure, 200)} | ${shorten(what, 200)} | ${replay}`);
  }
  if (failures.length > 0) Deno.exit(1);
}

await main();
