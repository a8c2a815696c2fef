/**
 * Trains on large files with the actual command line: its memory, and the time to each stage.
 *
 *   deno task bench:large [csv] [text] [--size 1GB] [--seconds 20] [-- FLAGS OF TRAIN]
 *
 * Runs on Linux only: it reads /proc, and runs the command line in a terminal with `script`,
 * because progress is shown only in a terminal.
 */
import { pseudoFile, type PseudoKind } from "./pseudo_text.ts";
import { parseSize } from "./sizes.ts";

type Phase = "reading" | "preparing" | "training";

const FLAGS: Record<PseudoKind, string[]> = {
  csv: ["--epochs", "1"],
  text: ["--task", "language-model", "--epochs", "1"],
};
const LOOK = 100; // milliseconds between two looks
const PATIENCE = 900_000; // milliseconds to wait for a phase

const root = new URL("..", import.meta.url).pathname;

/** A run of the command line in a terminal, and its measurements. */
interface Run {
  /** Seconds until each phase was first shown. */
  began: Partial<Record<Phase, number>>;
  /** Seconds until each phase was first followed by another. */
  ended: Partial<Record<Phase, number>>;
  /** The last progress line of each phase. */
  last: Partial<Record<Phase, string>>;
  /** The peak memory so far, in MB. */
  peak: number;
  /** All output except progress lines. */
  printed: string;
  /** Returns the seconds since the start. */
  seconds(): number;
  /** Returns whether the run is over. */
  isOver(): boolean;
  /** Sends SIGINT, as Ctrl-C does; returns the seconds until the process has ended. */
  interrupt(): Promise<number>;
  /** Waits until a phase has begun; returns false if the run ends before. */
  until(phase: Phase): Promise<boolean>;
}

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

const phaseOf = (status: string): Phase =>
  /^epoch \d/.test(status) ? "training" : /^prepar/.test(status) ? "preparing" : "reading";

/** Returns the text of a file in /proc; empty if the process is gone. */
function proc(path: string): string {
  const { stdout } = new Deno.Command("cat", { args: [`/proc/${path}`], stderr: "null" })
    .outputSync();
  return new TextDecoder().decode(stdout);
}

/** Returns the process that `script` has started: its only child. */
const childOf = (pid: number) =>
  Number(proc(`${pid}/task/${pid}/children`).trim().split(" ")[0]) || undefined;

function start(folder: string, args: readonly string[]): Run {
  const quoted = args.map((arg) => `'${arg}'`).join(" ");
  const main = `${root}packages/cli/main.ts`;
  const command = `exec '${Deno.execPath()}' run --quiet --lock='${root}gpujs.lock' --no-prompt ` +
    `--allow-read --allow-write '${main}' ${quoted}`;
  const began = performance.now();
  const child = new Deno.Command("script", {
    args: ["-qfec", command, "/dev/null"],
    cwd: folder,
    env: { NO_COLOR: "1", SHELL: "/bin/sh" },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  let isOver = false;
  const ended = child.status.then(() => isOver = true);
  const run: Run = {
    ...{ began: {}, ended: {}, last: {}, peak: 0, printed: "" },
    seconds: () => (performance.now() - began) / 1000,
    isOver: () => isOver,
    async interrupt() {
      const pid = childOf(child.pid), from = performance.now();
      if (pid !== undefined) new Deno.Command("kill", { args: ["-INT", `${pid}`] }).outputSync();
      await ended;
      return (performance.now() - from) / 1000;
    },
    async until(phase) {
      for (const end = performance.now() + PATIENCE; performance.now() < end;) {
        if (run.began[phase] !== undefined) return true;
        if (isOver) return false;
        await wait(LOOK);
      }
      throw new Error(`no ${phase} in ${PATIENCE / 1000} s`);
    },
  };
  const look = setInterval(() => {
    const pid = childOf(child.pid);
    const peak = pid && /VmHWM:\s*(\d+) kB/.exec(proc(`${pid}/status`))?.[1];
    if (peak) run.peak = Math.max(run.peak, Number(peak) * 1024 / 1e6);
  }, LOOK);
  ended.then(() => clearInterval(look));
  follow(child.stdout, run);
  return run;
}

/** Records terminal output. A progress line is one that follows the sequence to erase a line. */
async function follow(output: ReadableStream<Uint8Array>, run: Run): Promise<void> {
  let phase: Phase | undefined;
  for await (const chunk of output.pipeThrough(new TextDecoderStream())) {
    // deno-lint-ignore no-control-regex -- the sequence that erases a line
    for (const [i, part] of chunk.split(/\r\x1b\[K/).entries()) {
      const status = part.split(/\r?\n/, 1)[0];
      const isStatus = i > 0 && status !== "" && part === status;
      if (!isStatus) {
        run.printed += part;
        continue;
      }
      const next = phaseOf(status), now = run.seconds();
      if (phase !== undefined && phase !== next) run.ended[phase] ??= now;
      phase = next;
      run.began[phase] ??= now;
      run.last[phase] = status;
    }
  }
}

async function write(path: string, kind: PseudoKind, size: number): Promise<number> {
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  for (const pieces = pseudoFile(kind, size);;) {
    const { done, value } = pieces.next();
    if (done) return value;
    for (let at = 0; at < value.length;) at += await file.write(value.subarray(at));
  }
}

const show = (seconds: number | undefined) =>
  seconds === undefined ? "not seen" : `${seconds.toFixed(1)} s`;

async function measure(
  kind: PseudoKind,
  folder: string,
  { size, seconds, flags }: { size: number; seconds: number; flags: readonly string[] },
): Promise<void> {
  const name = kind === "csv" ? "large.csv" : "large.txt", path = `${folder}/${name}`;
  const before = performance.now();
  const count = await write(path, kind, size);
  const what = `${count.toLocaleString("en")} ${kind === "csv" ? "rows" : "sentences"}`;
  const { size: bytes } = await Deno.stat(path);
  console.log(
    `\n${name}: ${(bytes / 1e6).toFixed(0)} MB, ${what}, ` +
      `written in ${show((performance.now() - before) / 1000)}`,
  );
  const args = ["train", "--data", name, "--out", "model.safetensors", ...FLAGS[kind], ...flags];
  console.log(`  ${args.join(" ")}`);
  const run = start(folder, args);
  const isTraining = await run.until("training");
  const line = (what: string, value: string) => console.log(`  ${what.padEnd(34)}${value}`);
  if (isTraining) await wait(1000 * seconds);
  const { began, ended, last } = run;
  const firstStep = began.training;
  const stopped = isTraining && !run.isOver() ? await run.interrupt() : undefined;
  line("first line of progress", show(began.reading ?? began.preparing ?? firstStep));
  const read = ended.reading;
  line(
    "read",
    read === undefined
      ? "not seen"
      : `${show(read)}, ${Math.round(count / read).toLocaleString("en")} rows/s, ` +
        `${(bytes / 1e6 / read).toFixed(0)} MB/s`,
  );
  line("first step", show(firstStep));
  line("peak memory", `${run.peak.toFixed(0)} MB`);
  if (last.training) line("last line of progress", last.training);
  line("Ctrl-C while training", stopped === undefined ? "not tried" : show(stopped));
  if (!isTraining) console.log(run.printed.trim().replaceAll(/^/gm, "  | "));
  for (const phase of ["reading", "preparing"] as const) {
    if (began[phase] === undefined) {
      line(`Ctrl-C while ${phase}`, "not tried, because no progress was shown");
      continue;
    }
    const run = start(folder, args);
    await run.until(phase);
    const length = (ended[phase] ?? began[phase]) - began[phase];
    await wait(500 * length); // in the middle of the phase
    const isTried = !run.isOver() && run.ended[phase] === undefined;
    const took = await run.interrupt();
    line(`Ctrl-C while ${phase}`, isTried ? show(took) : "not tried, because it was over too soon");
  }
}

const [own, flags] = Deno.args.includes("--")
  ? [Deno.args.slice(0, Deno.args.indexOf("--")), Deno.args.slice(Deno.args.indexOf("--") + 1)]
  : [Deno.args, []];
const valueOf = (flag: string, fallback: string) =>
  own.includes(flag) ? own[own.indexOf(flag) + 1] : fallback;
const size = parseSize(valueOf("--size", "1GB")), seconds = Number(valueOf("--seconds", "20"));
const kinds = (["csv", "text"] as const).filter((kind) => own.includes(kind));
const folder = await Deno.makeTempDir({ prefix: "unroll-large-" });
try {
  for (const kind of kinds.length > 0 ? kinds : ["csv", "text"] as const) {
    await measure(kind, folder, { size, seconds, flags });
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
