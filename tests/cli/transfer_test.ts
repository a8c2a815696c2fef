import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inFolder, unroll } from "./helpers.ts";

const TEXT = "a good film\na bad film\nnot a good film\nnot a bad one\n".repeat(5);
const CSV = `text,label
A good film!,positive
a bad film,negative
not a good film,negative
not a bad film,positive
`;

const RUN = ["train", "--data", "own.csv", "--from", "lm.safetensors"];

/** Runs a test in a folder with labeled texts, and a language model trained on others. */
function withModel(fn: (cwd: string) => Promise<void>, unit = "words"): Promise<void> {
  return inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/texts.txt`, TEXT);
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    const task = ["train", "--task", "language-model", "--data", "texts.txt", "--unit", unit];
    const made = ["--hidden", "8", "--cell", "gru", "--epochs", "2", "--out", "lm.safetensors"];
    const { status, err } = await unroll([...task, ...made], { cwd });
    assertEquals(status, 0, err);
    await fn(cwd);
  });
}

for (const unit of ["words", "characters"]) {
  Deno.test(`train --from a language model of ${unit} takes over its embedding and layers`, () =>
    withModel(async (cwd) => {
      const { status, out, err } = await unroll([...RUN, "--epochs", "3"], { cwd });
      assertEquals(status, 0, err);
      const [first] = out.split("\n");
      assertMatch(
        first,
        RegExp(
          `^Takes over lm.safetensors: 1 × gru, hidden size 8, \\d+ ${unit}, its own included.$`,
        ),
      );
      const answer = await unroll(["predict", "--why", "a good film"], { cwd });
      assertEquals(answer.status, 0, answer.err);
      assertMatch(answer.out, /^(positive|negative) /);
    }, unit));
}

Deno.test("train --plain-words reads text like classifiers, without punctuation and case", () =>
  withModel(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/marked.txt`, "A good film, not a BAD one!\n".repeat(8));
    const task = ["train", "--task", "language-model", "--data", "marked.txt", "--epochs", "1"];
    const made = ["--hidden", "4", "--plain-words", "--out", "plain.safetensors"];
    const plain = await unroll([...task, "--unit", "words", ...made], { cwd });
    assertEquals([plain.status, plain.err], [0, ""]);
    const run = ["train", "--data", "own.csv", "--from", "plain.safetensors", "--epochs", "2"];
    const { status, out, err } = await unroll(run, { cwd });
    assertEquals([status, err], [0, ""]);
    assertMatch(out, /, 6 words, its own included\.\n/); // a, bad, film, good, not and one
    const spoken = ["generate", "--model", "plain.safetensors", "--prompt", "A Good film,"];
    assertEquals((await unroll([...spoken, "--length", "3"], { cwd })).status, 0);
    const letters = await unroll([...task, ...made], { cwd });
    assertEquals(letters.status, 2);
    assertStringIncludes(letters.err, "--plain-words: needs --unit words, got characters");
  }));

Deno.test("transfer learning resumes bit for bit, without the language model", () =>
  withModel(async (cwd) => {
    const run = [...RUN, "--unfreeze-every", "2"];
    const whole = await unroll([...run, "--epochs", "5", "--out", "whole.safetensors"], { cwd });
    assertEquals(whole.status, 0, whole.err);
    const begun = await unroll([...run, "--epochs", "3", "--checkpoint", "run"], { cwd });
    assertEquals(begun.status, 0, begun.err);
    await Deno.remove(`${cwd}/lm.safetensors`);
    const resume = ["train", "--resume", "run", "--epochs", "5", "--out", "resumed.safetensors"];
    const resumed = await unroll(resume, { cwd });
    assertEquals(resumed.status, 0, resumed.err);
    assertEquals(
      await Deno.readFile(`${cwd}/resumed.safetensors`),
      await Deno.readFile(`${cwd}/whole.safetensors`),
    );
    const other = await unroll([...resume.slice(0, 5), "--layer-decay", "3"], { cwd });
    assertEquals(other.status, 2);
    assertStringIncludes(other.err, "--layer-decay: is fixed by the checkpoint of --resume");
  }));

Deno.test("regression and multi-label models take over weights too; a text file continues the model", () =>
  withModel(async (cwd) => {
    await Deno.writeTextFile(
      `${cwd}/numbers.csv`,
      CSV.replaceAll("positive", "4").replaceAll("negative", "1"),
    );
    const numbers = ["train", "--data", "numbers.csv", "--from", "lm.safetensors", "--epochs", "2"];
    for (
      const args of [[...numbers, "--task", "regression"], [
        ...RUN,
        "--epochs",
        "2",
        "--multi-label",
        ";",
      ]]
    ) {
      const { status, out, err } = await unroll(args, { cwd });
      assertEquals(status, 0, err);
      assertStringIncludes(out, "Takes over lm.safetensors");
    }
    for (
      const args of [
        ["--data", "texts.txt"],
        ["--data", "own.csv", "--task", "language-model"],
      ]
    ) {
      const run = ["train", ...args, "--from", "lm.safetensors", "--epochs", "1"];
      const { status, out, err } = await unroll([...run, "--out", "more.safetensors"], { cwd });
      assertEquals(status, 0, err);
      assert(!out.includes("Takes over"));
    }
  }));

Deno.test("weights that cannot be taken over are refused in one line", () =>
  withModel(async (cwd) => {
    const refused = async (args: readonly string[], message: string) => {
      const { status, err } = await unroll([...args], { cwd });
      assertEquals([status, err], [2, `error: ${message}\n`]);
    };
    await refused(
      [...RUN, "--cell", "lstm"],
      "--cell: is fixed by the model of --from; leave it out",
    );
    await refused(
      [...RUN, "--vectors", "v.txt"],
      "--vectors: is fixed by the model of --from; leave it out",
    );
    await refused(
      [...RUN, "--task", "translate"],
      "lm.safetensors: is a model for language-model; use it with deno task generate",
    );
    await refused(
      ["train", "--data", "own.csv", "--layer-decay", "2"],
      "--layer-decay: needs --from MODEL, whose layers were trained before",
    );
    await refused(
      [...RUN, "--layer-decay", "0.5"],
      '--layer-decay: expected a number of at least 1, got "0.5"',
    );
    await refused(
      [...RUN, "--head", "token"],
      "--head: is fixed by the model of --from; leave it out",
    );
    await refused(
      [...RUN, "--out", "lm.safetensors"],
      "lm.safetensors: holds the model of --from; choose another --out",
    );
  }));
