import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { pythonWithTorch, runTorch } from "../support/pytorch.ts";
import { filesIn, inFolder, unroll } from "./helpers.ts";

const python = await pythonWithTorch();

const CSV = "text,label\n" +
  Array.from({ length: 40 }, (_, i) => `${i % 2 ? "so good" : "too bad"} w${i % 5},${i % 2}`)
    .join("\n");

async function ended(args: string, cwd: string) {
  return await unroll(args.trim().split(" "), { cwd });
}

Deno.test("a model is exported to PyTorch with its data, trained there, and evaluated here", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    await ended("train --data own.csv --cell gru --hidden 8 --dropout 0 --epochs 1", cwd);
    const more = "--epochs 20 --batch-size 4 --learning-rate 0.02 --validation 0.15";
    const { status, out, err } = await ended(
      `export --to pytorch --data own.csv --out there ${more}`,
      cwd,
    );
    assertEquals([status, err], [0, ""]);
    assertMatch(out, /^Saved there: the model, train.py and 34 examples, 6 for validation.\n/);
    assertMatch(out, /\nNot exported: linear, which would not fit the new weights\.\n/);
    assertMatch(out, /cd there && torchrun --nproc-per-node 2 train.py\n$/);
    assertEquals(await filesIn(`${cwd}/there`), [
      "data",
      "folder.py",
      "model.safetensors",
      "train.py",
    ]);
    const script = await Deno.readTextFile(`${cwd}/there/train.py`);
    assertStringIncludes(script, "EPOCHS, BATCH_SIZE, SHUFFLE, SEED = 20, 4, True, 1\n");
    assertEquals((await filesIn(cwd)).length, 3); // no partial files
    if (python === undefined) return;
    await runTorch(python, ["train.py"], `${cwd}/there`);
    const evaluated = await ended("evaluate --model there/trained.safetensors --data own.csv", cwd);
    assertMatch(evaluated.out, /^40 sentences: loss \S+, accuracy 100.0%/);
    const predict = await unroll(
      ["predict", "--model", "there/trained.safetensors", "so good"],
      { cwd },
    );
    assertMatch(predict.out, /^1 /);
    const inspected = await ended("inspect --model there/trained.safetensors", cwd);
    assertEquals(inspected.status, 0);
  }));

Deno.test("models that PyTorch cannot train are refused, and nothing is written", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    await ended("train --data own.csv --cell gru --hidden 8 --epochs 1", cwd);
    const refused = async (args: string, message: string) => {
      const { status, out, err } = await ended(`export --to pytorch ${args}`, cwd);
      assertEquals([status, out, err], [2, "", `error: ${message}\n`]);
      assertEquals((await filesIn(cwd)).filter((name) => !name.includes(".")), []);
    };
    await refused("", "export --to pytorch needs examples to train on: give --data FILE");
    await refused(
      "--data own.csv --out own.csv",
      "own.csv: already exists; give another folder, or remove it first",
    );
    await refused("--data none.csv", "none.csv: no such file; check its name and folder");
    await refused(
      "--data own.csv --out none/there",
      "none/there: its folder does not exist; create it first",
    );
    await refused(
      "--data own.csv --source-column label",
      "--source-column: is for --task translate, got classification",
    );
    await ended("train --data own.csv --hidden 8 --epochs 1 --ensemble 2", cwd);
    await refused(
      "--data own.csv",
      "an ensemble of 2 networks cannot be trained further; export a single network",
    );
  }));
