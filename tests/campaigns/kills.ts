/**
 * Training runs that are killed, stopped by signals, or started twice at once: no data may be lost.
 *
 * `deno task test:kills` stops two hundred runs; the tests stop a few with the same functions.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { loadModel } from "#cli/files/files.ts";
import { filesIn, inFolder, start, unroll } from "#tests/cli/helpers.ts";

const CSV = "text,label\n" +
  Array.from({ length: 40 }, (_, i) => {
    const words = ["good", "bad", "not", "very", "so"].filter((_, k) => (i >> k) % 2 === 1);
    return `${words.join(" ")} w${i},${i % 3 === 0 ? "up" : "down"}`;
  }).join("\n");

const RUN =
  "train --data own.csv --cell lstm --hidden 6 --epochs 60 --validation 0.2 --dropout 0.2";
// Large enough that writing it takes a moment.
const LARGE = "train --data own.csv --cell rnn --hidden 600 --embedding 300 --epochs 1 --out m";

const LITTER = /\.tmp$|\.lock$/;

function withData(fn: (cwd: string) => Promise<void>): Promise<void> {
  return inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    await fn(cwd);
  });
}

/** Sends a signal, unless the process has just ended. */
function send(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/** Counts of runs that were killed while they wrote a model. */
export interface Saves {
  kills: number;
  littered: number;
}

/**
 * Kills training runs while they write `--out`: the file is then the complete old or new model, and
 * the next run removes their temporary files.
 */
export async function killWhileSaving(count: number): Promise<Saves> {
  const result = { kills: 0, littered: 0 };
  await withData(async (cwd) => {
    const args = LARGE.split(" ");
    assertEquals((await unroll(args, { cwd })).status, 0);
    for (let turn = 0; result.kills < count; turn++) {
      const child = start([...args, "--seed", String(turn)], { cwd });
      const output = child.output();
      let isOver = false;
      output.then(() => isOver = true);
      // A file with content is the model; the empty one before it only tests the folder.
      while (!isOver && !isWriting(cwd)) await new Promise((done) => setTimeout(done, 0));
      for (let wait = 0; wait < turn % 5; wait++) await new Promise((done) => setTimeout(done, 1));
      send(child, "SIGKILL");
      if ((await output).signal !== "SIGKILL") continue; // it ended first
      result.kills++;
      await loadModel(`${cwd}/m`); // throws unless it is complete
      if ((await filesIn(cwd)).some((name) => LITTER.test(name))) result.littered++;
    }
    const { status, err } = await unroll(args, { cwd });
    assertEquals([status, err], [0, ""]);
    assertEquals(await filesIn(cwd), ["m", "own.csv"]);
  });
  return result;
}

function isWriting(folder: string): boolean {
  return Array.from(Deno.readDirSync(folder)).some(({ name }) => {
    if (!name.endsWith(".tmp")) return false;
    try {
      return Deno.statSync(`${folder}/${name}`).size > 0;
    } catch {
      return false; // it has been renamed
    }
  });
}

/** Counts of runs that were stopped and resumed. */
export interface Ends {
  ends: number;
  /** The stopped runs that had installed their signal handlers. */
  saved: number;
  completed: number;
}

const STATUS: Record<string, number> = { SIGTERM: 143, SIGHUP: 129 };

/**
 * Stops training runs by a signal, at moments from before the first write to late in the run, and
 * resumes them, until `count` have been stopped; all end with the model of an uninterrupted run.
 */
export async function endAndResume(
  signal: "SIGKILL" | "SIGTERM" | "SIGHUP",
  count: number,
): Promise<Ends> {
  const result = { ends: 0, saved: 0, completed: 0 };
  await withData(async (cwd) => {
    const whole = await unroll(`${RUN} --out whole`.split(" "), { cwd });
    assertEquals([whole.status, whole.err], [0, ""]);
    const begin = `${RUN} --out m --checkpoint run --every 1`.split(" ");
    const next = async () => {
      const exists = await Deno.stat(`${cwd}/run/checkpoint.safetensors`).catch(() => undefined);
      return exists ? ["train", "--resume", "run", "--out", "m"] : begin;
    };
    const requireWhole = async () => {
      assertEquals(await Deno.readFile(`${cwd}/m`), await Deno.readFile(`${cwd}/whole`));
    };
    for (let turn = 0; result.ends < count; turn++) {
      const child = start(await next(), { cwd });
      // One in four while it reads files; the others once it prints "epoch".
      const wait = turn % 4 === 0 ? undefined : (turn * 37) % 200;
      const early = wait === undefined ? setTimeout(() => send(child, signal), 60) : undefined;
      let moment: ReturnType<typeof setTimeout> | undefined;
      let out = "";
      const reading = child.stdout.pipeThrough(new TextDecoderStream()).pipeTo(
        new WritableStream({
          write(text) {
            out += text;
            if (wait === undefined || moment !== undefined || !out.includes("epoch")) return;
            moment = setTimeout(() => send(child, signal), wait);
          },
        }),
      );
      const [err, { code, signal: died }] = await Promise.all([
        new Response(child.stderr).text(),
        child.status,
        reading,
      ]);
      clearTimeout(early);
      clearTimeout(moment);
      if (died === null && code === 0) {
        assertEquals(err, "");
        result.completed++;
        await requireWhole();
        await Deno.remove(`${cwd}/run`, { recursive: true });
        continue;
      }
      result.ends++;
      assertEquals(err, "", `turn ${turn}`);
      if (died !== null) {
        assertEquals(died, signal);
        continue;
      }
      result.saved++;
      assertEquals(code, STATUS[signal], out);
      assert((await filesIn(cwd)).every((name) => !LITTER.test(name)));
      assert((await filesIn(`${cwd}/run`)).every((name) => !LITTER.test(name)));
    }
    const rest = await unroll(await next(), { cwd });
    assertEquals([rest.status, rest.err], [0, ""]);
    await requireWhole();
    assertEquals(await filesIn(`${cwd}/run`), ["checkpoint.safetensors"]);
    assertEquals(await filesIn(cwd), ["m", "own.csv", "run", "whole"]);
  });
  return result;
}

/** Starts two runs at once in one checkpoint folder: one is refused, the other succeeds. */
export async function startTwice(count: number): Promise<{ refused: number }> {
  let refused = 0;
  await withData(async (cwd) => {
    const long = RUN.replace("--epochs 60", "--epochs 200"); // so that they overlap
    for (let turn = 0; turn < count; turn++) {
      const run = (name: string) =>
        unroll(`${long} --out ${name} --checkpoint run --every 50`.split(" "), { cwd });
      const [first, second] = await Promise.all([run("a"), run("b")]);
      assertEquals([first.status, second.status].sort(), [0, 2], first.err + second.err);
      const [good, bad] = first.status === 0 ? [first, second] : [second, first];
      assertMatch(bad.err, /^error: run: another training run is saving [^\n]+\n$/);
      assertEquals(good.err, "");
      await loadModel(`${cwd}/${first.status === 0 ? "a" : "b"}`);
      assertEquals(await filesIn(`${cwd}/run`), ["checkpoint.safetensors"]);
      refused++;
    }
    assert((await filesIn(cwd)).every((name) => !LITTER.test(name)));
  });
  return { refused };
}

if (import.meta.main) {
  console.log("killed while writing --out:", await killWhileSaving(50));
  console.log("killed at any moment:", await endAndResume("SIGKILL", 110));
  console.log("stopped by SIGTERM:", await endAndResume("SIGTERM", 20));
  console.log("stopped by SIGHUP:", await endAndResume("SIGHUP", 20));
  console.log("two runs at once:", await startTwice(20));
}
