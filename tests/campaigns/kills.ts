/**
 * Trainings that are killed, ended by signals, and started twice at once: nothing may be lost.
 *
 * `deno task test:kills` makes two hundred kills; the tests make a few by the same functions.
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

/** What came of kills while a model was written. */
export interface Saves {
  kills: number;
  littered: number;
}

/**
 * Kills trainings while they write `--out`: what stands there is the old model or the new one, and
 * the next run leaves nothing of theirs.
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
      // A file with something in it is the model; the empty one before it only tries the folder.
      while (!isOver && !isWriting(cwd)) await new Promise((done) => setTimeout(done, 0));
      for (let wait = 0; wait < turn % 5; wait++) await new Promise((done) => setTimeout(done, 1));
      send(child, "SIGKILL");
      if ((await output).signal !== "SIGKILL") continue; // it was faster
      result.kills++;
      await loadModel(`${cwd}/m`); // throws unless it is whole
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
      return false; // it has its name by now
    }
  });
}

/** What came of trainings that were ended from outside and went on. */
export interface Ends {
  ends: number;
  /** How many had installed their own ways to end. */
  saved: number;
  completed: number;
}

const STATUS: Record<string, number> = { SIGTERM: 143, SIGHUP: 129 };

/**
 * Ends trainings by a signal, at moments from before the first write to deep within, and goes on from
 * what they left, until as many have been ended; all come to the model of a run without an end.
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
      // One in four while the files are read; the others once the training tells of itself.
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

/** Starts two trainings at once in one folder of checkpoints: one is refused, the other ends well. */
export async function startTwice(count: number): Promise<{ refused: number }> {
  let refused = 0;
  await withData(async (cwd) => {
    const long = RUN.replace("--epochs 60", "--epochs 200"); // so that they meet
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
  console.log("killed while --out was written:", await killWhileSaving(50));
  console.log("killed at any moment:", await endAndResume("SIGKILL", 110));
  console.log("ended by SIGTERM:", await endAndResume("SIGTERM", 20));
  console.log("ended by SIGHUP:", await endAndResume("SIGHUP", 20));
  console.log("two at once:", await startTwice(20));
}
