import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { filesIn, inFolder, start, unroll } from "./helpers.ts";

const CSV = "text,label\n" +
  Array.from({ length: 40 }, (_, i) => {
    const words = ["good", "bad", "not", "very", "so"].filter((_, k) => (i >> k) % 2 === 1);
    return `${words.join(" ")} w${i},${i % 3 === 0 ? "up" : "down"}`;
  }).join("\n");

const NETWORK = "--data own.csv --cell lstm --hidden 6 --validation 0.2 --dropout 0.2";
const RUN = `${NETWORK} --epochs 6`;

/** Kills a process, unless it has just ended. */
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

Deno.test("train --resume ends with the same model as an uninterrupted run", () =>
  withData(async (cwd) => {
    const whole = await unroll(`train ${RUN} --out whole`.split(" "), { cwd });
    assertEquals([whole.status, whole.err], [0, ""]);
    await unroll(`train ${NETWORK} --epochs 2 --out part --checkpoint run --every 3`.split(" "), {
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

Deno.test("train killed a hundred times always leaves a complete checkpoint", async () => {
  const killed = (first: number) =>
    withData(async (cwd) => {
      const run = RUN.replace("--epochs 6", "--epochs 60");
      const whole = await unroll(`train ${run} --out whole`.split(" "), { cwd });
      assertEquals([whole.status, whole.err], [0, ""]);
      const begin = `train ${run} --out m --checkpoint run --every 1`.split(" ");
      // There is no checkpoint before the first write, nor after a finished run (removed below).
      const next = async () => {
        const exists = await Deno.stat(`${cwd}/run/checkpoint.safetensors`).catch(() => undefined);
        return exists ? ["train", "--resume", "run", "--out", "m"] : begin;
      };
      let kills = 0;
      for (let turn = first; kills < 50; turn += 2) {
        const child = start(await next(), { cwd });
        // From before the first write to late in the run, different on every machine.
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
  await Promise.all([killed(0), killed(1)]); // in parallel, as most of the time is waiting
});

Deno.test("train --resume reports what it cannot resume from, with status 2", () =>
  withData(async (cwd) => {
    const made = await unroll(`train ${NETWORK} --epochs 1 --checkpoint run`.split(" "), { cwd });
    assertEquals(made.status, 0);
    const refused: [string[], string][] = [
      [["--resume", "nowhere"], "nowhere: no such file"],
      [["--resume", "model.safetensors"], "model.safetensors: is a model, not a checkpoint"],
      [["--resume", "run", "--hidden", "9"], "--hidden: is fixed by the checkpoint of --resume"],
      [["--resume", "run", "--dtype", "float64"], "--dtype: is fixed by the checkpoint"],
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

Deno.test("train --resume accepts the run's own settings as flags, and refuses others", () =>
  withData(async (cwd) => {
    const run = `${NETWORK} --epochs 1 --seed 7 --checkpoint run --report r.html --json`;
    assertEquals((await unroll(`train ${run}`.split(" "), { cwd })).status, 0);
    const refused: [string, string][] = [
      [
        "--seed 1",
        '--seed: is fixed by the checkpoint of --resume as "7", got "1"; leave it out',
      ],
      ["--learning-rate 0.1", '--resume as "0.005", got "0.1"'],
      ["--cell gru", '--resume as "lstm", got "gru"'],
      ["--text-column body", '--resume as "text", got "body"'],
      ["--dtype float64", '--resume as "float32", got "float64"'],
      ["--vectors v.txt", '--resume, whose run started without it, got "v.txt"'],
      ["--no-shuffle", '--resume as "false", got "true"'],
      ["--backend nosuch", '--backend: there is no "nosuch"'],
      ["--memory 8192", "--memory: kernels in WebAssembly can address at most 4096 MiB, got 8192"],
    ];
    for (const [flags, says] of refused) {
      const args = `train --resume run ${flags}`.split(" ");
      const { status, out, err } = await unroll(args, { cwd });
      assertStringIncludes(err, says);
      assertEquals([status, out], [2, ""]);
    }
    // The run's own settings are accepted, whether they were given as flags or chosen.
    const same = "--seed 7 --hidden 6 --head max --optimizer adam --clip-norm 1 --epochs 2";
    const typed = `train --resume run ${same} --backend cpu --out new --report new.html --json`;
    const { status, out, err } = await unroll(typed.split(" "), { cwd });
    assertEquals([status, err], [0, ""]);
    assertEquals(JSON.parse(out.trim().split("\n").at(-1)!).model, "new");
    assertEquals((await Deno.stat(`${cwd}/new.html`)).isFile, true);
  }));

Deno.test("train stopped by Ctrl-C leaves a checkpoint of that step", () =>
  withData(async (cwd) => {
    const run = `train ${NETWORK} --epochs 100000 --patience 100000 --checkpoint run --json`;
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
