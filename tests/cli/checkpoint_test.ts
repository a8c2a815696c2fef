import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { filesIn, inFolder, start, unroll } from "./helpers.ts";

const CSV = "text,label\n" +
  Array.from({ length: 40 }, (_, i) => {
    const words = ["good", "bad", "not", "very", "so"].filter((_, k) => (i >> k) % 2 === 1);
    return `${words.join(" ")} w${i},${i % 3 === 0 ? "up" : "down"}`;
  }).join("\n");

const RUN = "--data own.csv --cell lstm --hidden 6 --epochs 6 --validation 0.2 --dropout 0.2";

/** Kills a process, unless it has just ended by itself. */
function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

function withData(fn: (cwd: string) => Promise<void>): Promise<void> {
  return inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    await fn(cwd);
  });
}

Deno.test("train --resume gives the model of a run that was never stopped", () =>
  withData(async (cwd) => {
    const whole = await unroll(`train ${RUN} --out whole`.split(" "), { cwd });
    assertEquals([whole.status, whole.err], [0, ""]);
    await unroll(`train ${RUN} --epochs 2 --out part --checkpoint run --every 3`.split(" "), {
      cwd,
    });
    assertEquals(await filesIn(`${cwd}/run`), ["checkpoint.safetensors"]);
    const rest = await unroll("train --resume run --epochs 6 --out rest".split(" "), { cwd });
    assertEquals([rest.status, rest.err], [0, ""]);
    assertEquals(await Deno.readFile(`${cwd}/rest`), await Deno.readFile(`${cwd}/whole`));
    const { status } = await unroll(["predict", "--model", "run/checkpoint.safetensors", "good"], {
      cwd,
    });
    assertEquals(status, 0);
  }));

Deno.test("train killed a hundred times loses nothing: the checkpoint is whole at every moment", async () => {
  const killed = (first: number) =>
    withData(async (cwd) => {
      const run = RUN.replace("--epochs 6", "--epochs 60");
      const whole = await unroll(`train ${run} --out whole`.split(" "), { cwd });
      assertEquals([whole.status, whole.err], [0, ""]);
      const begin = `train ${run} --out m --checkpoint run --every 1`.split(" ");
      // After a run that came to its end, and before its first write, there is nothing to go on from.
      const next = async () => {
        const exists = await Deno.stat(`${cwd}/run/checkpoint.safetensors`).catch(() => undefined);
        return exists ? ["train", "--resume", "run", "--out", "m"] : begin;
      };
      let kills = 0;
      for (let turn = first; kills < 50; turn += 2) {
        const child = start(await next(), { cwd });
        // Moments from before the first write to deep within the run, different on every machine.
        const moment = setTimeout(() => kill(child), 60 + (turn * 37) % 300);
        const { code, signal, stderr } = await child.output();
        clearTimeout(moment);
        if (signal === "SIGKILL") kills++;
        else {
          assertEquals([code, new TextDecoder().decode(stderr)], [0, ""], `turn ${turn}`);
          assertEquals(await Deno.readFile(`${cwd}/m`), await Deno.readFile(`${cwd}/whole`));
          await Deno.remove(`${cwd}/run`, { recursive: true });
        }
      }
      const rest = await unroll(await next(), { cwd });
      assertEquals([rest.status, rest.err], [0, ""]);
      assertEquals(await Deno.readFile(`${cwd}/m`), await Deno.readFile(`${cwd}/whole`));
      assertEquals(await filesIn(`${cwd}/run`), ["checkpoint.safetensors"]);
    });
  await Promise.all([killed(0), killed(1)]); // side by side, as most of the time is waiting
});

Deno.test("train --resume names what it cannot go on from, with status 2", () =>
  withData(async (cwd) => {
    const made = await unroll(`train ${RUN} --epochs 1 --checkpoint run`.split(" "), { cwd });
    assertEquals(made.status, 0);
    const refused: [string[], string][] = [
      [["--resume", "nowhere"], "nowhere: no such file"],
      [["--resume", "model.safetensors"], "model.safetensors: is a model, but no checkpoint"],
      [["--resume", "run", "--hidden", "9"], "--hidden: is settled by the checkpoint of --resume"],
      [["--resume", "run", "--dtype", "float64"], "--dtype: is settled by the checkpoint"],
    ];
    for (const [args, message] of refused) {
      const { status, err } = await unroll(["train", ...args], { cwd });
      assertStringIncludes(err, message);
      assertEquals(status, 2);
    }
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV.replace("good", "fine"));
    const { status, err } = await unroll(["train", "--resume", "run"], { cwd });
    assertStringIncludes(err, "the examples are not those of the checkpoint");
    assertEquals(status, 2);
  }));

Deno.test("train ended by Ctrl-C leaves a checkpoint of that very step", () =>
  withData(async (cwd) => {
    const run = `train ${RUN} --epochs 100000 --patience 100000 --checkpoint run --json`;
    const child = start(run.split(" "), { cwd });
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let out = "";
    while (!out.includes('"epoch":3')) out += (await reader.read()).value;
    child.kill("SIGINT");
    for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) {
      out += value;
    }
    await child.stderr.cancel();
    assertEquals((await child.status).code, 130);
    const stopped = out.split("\n").find((line) => line.includes('"stopped"'))!;
    assertMatch(stopped, /"reason":"request"/);
    const rest = await unroll(
      ["train", "--resume", "run", "--json", "--epochs", String(JSON.parse(stopped).epoch + 1)],
      { cwd },
    );
    assertEquals(rest.status, 0);
    const epochs = rest.out.split("\n").filter((line) => line.includes('"type":"epoch"'));
    assert(epochs.length === 1 || epochs.length === 2);
  }));
