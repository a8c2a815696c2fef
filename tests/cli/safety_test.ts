import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { loadCheckpoint, saveCheckpoint } from "#cli/files/checkpoint_folder.ts";
import { loadModel } from "#cli/files/files.ts";
import { filesIn, inFolder, start, unroll } from "./helpers.ts";

/** Returns a reader of a child's output. */
function outputOf(child: Deno.ChildProcess) {
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let out = "";
  return {
    /** Waits until a word is printed. */
    async until(word: string) {
      while (!out.includes(word)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`ended early: ${out}`);
        out += value;
      }
    },
    forget: () => void (out = ""),
    cancel: () => reader.cancel(),
  };
}

const isWindows = Deno.build.os === "windows";
const CSV = "text,label\ngood,up\nbad,down\nnot good,down\nnot bad,up\n";
const RUN = "train --data own.csv --hidden 4 --validation 0 --epochs";

function withData(fn: (cwd: string) => Promise<void>): Promise<void> {
  return inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    await fn(cwd);
  });
}

/** Starts a training run without end, and waits for epoch 3. */
async function startLong(cwd: string, more = ""): Promise<Deno.ChildProcess> {
  const child = start(`${RUN} 1000000000 --json ${more}`.trim().split(" "), { cwd });
  const [first, second] = child.stdout.tee();
  const reader = first.pipeThrough(new TextDecoderStream()).getReader();
  let out = "";
  while (!out.includes('"epoch":3')) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`ended early: ${out}`);
    out += value;
  }
  reader.cancel();
  return Object.assign(child, { rest: second.pipeTo(new WritableStream()) });
}

async function ended(child: Deno.ChildProcess): Promise<{ code: number; err: string }> {
  const [err, { code }] = await Promise.all([
    new Response(child.stderr).text(),
    child.status,
    (child as unknown as { rest: Promise<void> }).rest,
  ]);
  return { code, err };
}

Deno.test("train --resume does not write to paths in the checkpoint", () =>
  withData(async (cwd) => {
    const args = `${RUN} 1 --out victim --report page --checkpoint run`.split(" ");
    assertEquals((await unroll(args, { cwd })).status, 0);
    const run = `${cwd}/run`;
    const { checkpoint, notes } = await loadCheckpoint(`${run}/checkpoint.safetensors`);
    assert(!/victim|page|checkpoint"|resume/.test(JSON.stringify(notes)), JSON.stringify(notes));
    const { settings, ...rest } = notes as { settings: object };
    const paths = { out: "victim", report: "page", checkpoint: "elsewhere", resume: "elsewhere" };
    const evil = { ...rest, ...paths, settings: { ...settings, ...paths } };
    await saveCheckpoint(run, checkpoint, evil);
    await Deno.writeTextFile(`${cwd}/victim`, "mine");
    await Deno.writeTextFile(`${cwd}/page`, "mine");
    await Deno.symlink("../victim", `${run}/model.safetensors`); // from the same attacker
    const { status, out, err } = await unroll(["train", "--resume", "run", "--epochs", "2"], {
      cwd,
    });
    assertEquals([status, err], [0, ""]);
    assertMatch(
      out,
      /^Resuming run: reads own\.csv, as stored in the checkpoint; saves run\/model\.safetensors\.\n/,
    );
    assertStringIncludes(out, "Saved run/model.safetensors");
    for (const name of ["victim", "page"]) {
      assertEquals(await Deno.readTextFile(`${cwd}/${name}`), "mine");
    }
    assertEquals(await filesIn(cwd), ["own.csv", "page", "run", "victim"]);
    assertEquals(await filesIn(run), ["checkpoint.safetensors", "model.safetensors"]);

    await saveCheckpoint(run, checkpoint, { ...rest, settings: { ...settings, data: 5 } });
    const damaged = await unroll(["train", "--resume", "run", "--epochs", "2"], { cwd });
    assertEquals(damaged.status, 2);
    assertStringIncludes(damaged.err, "run: the checkpoint has a damaged setting, --data");
  }));

Deno.test("train --resume finds the examples from any working directory", () =>
  withData(async (cwd) => {
    const args = `${RUN} 1 --checkpoint runs/first`.split(" ");
    assertEquals((await unroll(args, { cwd })).status, 0);
    await Deno.mkdir(`${cwd}/sub`);
    for (const [place, run] of [["sub", "../runs/first"], ["runs/first", "."]]) {
      const { status, out, err } = await unroll(["train", "--resume", run], {
        cwd: `${cwd}/${place}`,
      });
      assertEquals([status, err], [0, ""]);
      assertStringIncludes(out, `Resuming ${run}: reads ${run}/../../own.csv`);
    }
    const named = await unroll(["train", "--resume", "runs/first/checkpoint.safetensors"], { cwd });
    assertEquals([named.status, named.err], [0, ""]);
    assertStringIncludes(named.out, "Saved runs/first/model.safetensors");
    await Deno.rename(`${cwd}/runs/first/checkpoint.safetensors`, `${cwd}/old.safetensors`);
    const other = await unroll(["train", "--resume", "old.safetensors"], { cwd });
    assertStringIncludes(other.err, "is a file; give --checkpoint FOLDER for the next checkpoints");
    assertEquals(other.status, 2);
  }));

Deno.test("train refuses to overwrite its inputs, or to write a file twice, before it reads", () =>
  withData(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/vectors`, "good 0.1 0.2\nbad 0.3 0.1\n");
    await Deno.link(`${cwd}/vectors`, `${cwd}/hard`);
    const made = await unroll(`${RUN} 1 --out model --checkpoint run`.split(" "), { cwd });
    assertEquals(made.status, 0);
    const files = await filesIn(cwd);
    const refused: [string, string][] = [
      ["--vectors vectors --out ./vectors", "./vectors: holds the word vectors"],
      ["--vectors vectors --report hard", "hard: holds the word vectors"],
      ["--out x --report ./x", "./x: is already the file of --out; choose another --report"],
      ["--report own.csv", "own.csv: holds the examples; choose another --report"],
      ["--test model --out model", "model: holds the test examples"],
      ["--from model --report model", "model: holds the model of --from"],
      ["--checkpoint run --out run/checkpoint.safetensors", "is already the file of --out"],
      ["--from run/checkpoint.safetensors --checkpoint run", "holds the model of --from"],
    ];
    await Promise.all(refused.map(async ([flags, message]) => {
      const args = `${RUN.replace(" --hidden 4", "")} 1 ${flags}`.split(" ");
      const { status, out, err } = await unroll(args, { cwd });
      assertStringIncludes(err, message);
      assertMatch(err, /^error: [^\n]+\n$/);
      assertEquals([status, out], [2, ""]);
    }));
    assertEquals(await filesIn(cwd), files);
    // A model may be trained further in its own file.
    const again = await unroll(
      "train --data own.csv --epochs 1 --from model --out model".split(" "),
      {
        cwd,
      },
    );
    assertEquals([again.status, again.err], [0, ""]);
  }));

for (const [signal, code] of [["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  Deno.test({
    name: `train stopped by ${signal} saves the model and a checkpoint, with status ${code}`,
    ignore: isWindows,
    fn: () =>
      withData(async (cwd) => {
        const child = await startLong(cwd, "--checkpoint run");
        child.kill(signal);
        assertEquals(await ended(child), { code, err: "" });
        assertEquals(await filesIn(cwd), ["model.safetensors", "own.csv", "run"]);
        assertEquals(await filesIn(`${cwd}/run`), ["checkpoint.safetensors"]);
        const { checkpoint } = await loadCheckpoint(`${cwd}/run/checkpoint.safetensors`);
        const model = await loadModel(`${cwd}/model.safetensors`);
        assertEquals(model.weights, checkpoint.model.weights);
      }),
  });
}

Deno.test({
  name: "a second signal ends the process immediately, after a cleanup",
  ignore: isWindows,
  async fn() {
    const signals = new URL("../../packages/cli/run/signals.ts", import.meta.url);
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        `import { hearSignals } from "${signals}";
         const heard = hearSignals(() => console.log("left"));
         heard.signal.addEventListener("abort", () => console.log("asked", heard.status()));
         setInterval(() => {}, 1000);
         console.log("ready");`,
      ],
      stdout: "piped",
    }).spawn();
    const output = outputOf(child);
    await output.until("ready");
    child.kill("SIGHUP");
    await output.until("asked 129");
    await new Promise((done) => setTimeout(done, 300)); // sooner, it would not count
    child.kill("SIGTERM");
    await output.until("left");
    await output.cancel();
    assertEquals((await child.status).code, 143);
  },
});

Deno.test({
  name: "train under nohup survives a closed terminal",
  ignore: isWindows,
  fn: () =>
    withData(async (cwd) => {
      const main = new URL("../../packages/cli/main.ts", import.meta.url).pathname;
      const flags = "run --quiet --no-prompt --allow-read --allow-write --allow-env=INIT_CWD,_";
      const args = `${flags} ${main} ${RUN} 1000000000 --json`.split(" ");
      const child = new Deno.Command("nohup", {
        args: [Deno.execPath(), ...args],
        cwd,
        env: { _: "/usr/bin/nohup", NO_COLOR: "1" }, // as a shell sets it
        stdin: "null",
        stdout: "piped",
        stderr: "null",
      }).spawn();
      const output = outputOf(child);
      await output.until('"epoch":3');
      child.kill("SIGHUP");
      await new Promise((done) => setTimeout(done, 300)); // sooner, it would not count
      output.forget();
      await output.until('"epoch":');
      child.kill("SIGTERM");
      await output.until('"type":"saved"');
      await output.cancel();
      assertEquals((await child.status).code, 143);
    }),
});

Deno.test("a run locks its checkpoint folder, and a killed run releases it", () =>
  withData(async (cwd) => {
    const child = await startLong(cwd, "--checkpoint run --every 1");
    assertEquals((await filesIn(`${cwd}/run`)).includes("checkpoint.lock"), true);
    await Promise.all(
      [
        `${RUN} 1 --checkpoint run --out other`,
        "train --resume run",
        "train --resume ./run/ --checkpoint run",
      ]
        .map(async (args) => {
          const { status, err } = await unroll(args.split(" "), { cwd });
          assertMatch(err, /^error: (\.\/)?run\/?: another training run is saving its/);
          assertEquals(status, 2);
        }),
    );
    child.kill("SIGKILL");
    await ended(child);
    assertEquals((await filesIn(`${cwd}/run`)).includes("checkpoint.lock"), true);
    const { checkpoint } = await loadCheckpoint(`${cwd}/run/checkpoint.safetensors`);
    const epochs = String(checkpoint.progress.epoch);
    const { status, err } = await unroll(["train", "--resume", "run", "--epochs", epochs], { cwd });
    assertEquals([status, err], [0, ""]);
    assertEquals(await filesIn(`${cwd}/run`), ["checkpoint.safetensors", "model.safetensors"]);
  }));

Deno.test("deno task resolves paths from the user's folder, and prints them as typed", () =>
  withData(async (folder) => {
    await Deno.mkdir(`${folder}/sub`);
    const cwd = `${folder}/sub`;
    const task = async (args: string) => {
      const config = new URL("../../deno.json", import.meta.url).pathname;
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["task", "--quiet", "--config", config, ...args.split(" ")],
        cwd,
        env: { INIT_CWD: cwd, NO_COLOR: "1" }, // overrides that of a task that runs these tests
      }).output();
      return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
    };
    const trained = await task(
      "train --data ../own.csv --epochs 1 --out m --report r.html --checkpoint run",
    );
    assertEquals([trained.code, trained.err], [0, ""]);
    assertStringIncludes(trained.out, "Saved m after");
    assertEquals(await filesIn(cwd), ["m", "r.html", "run"]);
    const asked = ["predict --model m good", "inspect --model m", "evaluate --model m --data"];
    await Promise.all(asked.map(async (args) => {
      const { code, err } = await task(args.replace("--data", "--data ../own.csv"));
      assertEquals([code, err], [0, ""], args);
    }));
    const missing = await task("generate --model nowhere/m");
    assertEquals([missing.code, missing.err], [
      2,
      "error: nowhere/m: no such file; check its name and folder\n",
    ]);
  }));

Deno.test({
  name: "train reports a full disk in one line, with status 1, and keeps the model",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withData(async (cwd) => {
      const main = new URL("../../packages/cli/main.ts", import.meta.url).pathname;
      const all = async (args: string) => {
        const script = `exec "$0" run --quiet --no-prompt -A "$@"${args.replace(/.*(?=>)|.*/, "")}`;
        const { code, stderr } = await new Deno.Command("sh", {
          args: ["-c", script, Deno.execPath(), main, ...args.replace(/ >.*/, "").split(" ")],
          cwd,
          env: { NO_COLOR: "1" },
        }).output();
        return { code, err: new TextDecoder().decode(stderr) };
      };
      const out = await all(`${RUN} 1 --out /dev/full`);
      assertEquals(out.code, 1);
      assertMatch(
        out.err,
        /^error: \/dev\/full: [^\n]*No space left on device; the model is in model-[^\n]+\n$/,
      );
      const [rescued] = (await filesIn(cwd)).filter((name) => name.startsWith("model-"));
      assertEquals((await loadModel(`${cwd}/${rescued}`)).labels, ["down", "up"]);
      const printed = await all(`${RUN} 1 --out m > /dev/full`);
      assertEquals(printed.code, 1);
      assertMatch(printed.err, /^error: standard output: [^\n]*No space left on device\n$/);
    }),
});
