import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { filesIn, inFolder, unroll } from "./helpers.ts";

const GOOD = "text,label\ngood,positive\nbad,negative\n";

/** Files to create, the arguments, and part of the error message. */
interface Refusal {
  files?: Record<string, string | Uint8Array>;
  args: string[];
  says: string;
}

const TRAIN = ["train", "--data", "own.csv"];
const garbage = new Uint8Array(4096).map((_, i) => (i * 2654435761) >>> 13);

const refusals: Record<string, Refusal> = {
  "a missing file": { args: TRAIN, says: "own.csv: no such file" },
  "a folder instead of a file": { args: ["train", "--data", "."], says: ".: is a folder" },
  "an empty file": { files: { "own.csv": "" }, args: TRAIN, says: "own.csv" },
  "a header without rows": { files: { "own.csv": "text,label\n" }, args: TRAIN, says: "own.csv" },
  "a missing column": {
    files: { "own.csv": "text,stars,price\ngood,5,1\n" },
    args: TRAIN,
    says: 'own.csv:1: no column "label"',
  },
  "a single label": {
    files: { "own.csv": "text,label\ngood,up\nbad,up\n" },
    args: TRAIN,
    says: 'every example has the label "up"',
  },
  "binary garbage": { files: { "own.csv": garbage }, args: TRAIN, says: "own.csv" },
  "a line of 10 MB": {
    files: { "own.csv": `${GOOD}${"very ".repeat(2_000_000)}good,positive\n` },
    args: [...TRAIN, "--strict"],
    says: "own.csv:4: ",
  },
  "a text without words": {
    files: { "own.csv": `${GOOD}?!,positive\n` },
    args: [...TRAIN, "--strict"],
    says: 'own.csv:4: the text "?!" has no words',
  },
  "a test label that is missing in training": {
    files: { "own.csv": GOOD, "test.csv": "text,label\ngood,fine\n" },
    args: [...TRAIN, "--test", "test.csv"],
    says: 'test.csv:2: the label "fine"',
  },
  "an output folder that does not exist": {
    files: { "own.csv": GOOD },
    args: [...TRAIN, "--out", "there/model.safetensors"],
    says: "there/model.safetensors: its folder does not exist",
  },
  "an output path that is a folder": {
    files: { "own.csv": GOOD },
    args: [...TRAIN, "--out", "."],
    says: ".: is a folder",
  },
  "an output path below a file": {
    files: { "own.csv": GOOD },
    args: [...TRAIN, "--out", "own.csv/model"],
    says: "own.csv/model: ",
  },
  "the file of the examples as the output path": {
    files: { "own.csv": GOOD },
    args: [...TRAIN, "--out", "./own.csv"],
    says: "./own.csv: holds the examples",
  },
  "a text file as the model": {
    files: { "own.csv": GOOD },
    args: ["predict", "--model", "own.csv", "good"],
    says: "own.csv: is not a model",
  },
  "a folder as the model": {
    args: ["predict", "--model", ".", "good"],
    says: ".: is a folder",
  },
  "a missing model": { args: ["predict", "good"], says: "model.safetensors: no such file" },
  "missing data": { args: ["evaluate"], says: "give --data FILE" },
  "an unknown command": { args: ["trian"], says: 'no command "trian"; did you mean train?' },
  "an unknown flag": {
    args: ["train", "--epoch", "3"],
    says: "no flag --epoch; did you mean --epochs?",
  },
  "a one-letter flag": { args: ["train", "-e", "3"], says: "train has no flag -e" },
  "an unexpected operand": { args: ["train", "own.csv"], says: 'got "own.csv"' },
  "an invalid number": {
    args: ["train", "--epochs", "ten"],
    says: '--epochs: expected a whole number of at least 1, got "ten"',
  },
  "a number out of range": {
    args: ["train", "--learning-rate=-0.1"],
    says: '--learning-rate: expected a number above 0, got "-0.1"',
  },
  "a flag without its value": {
    args: ["train", "--out"],
    says: "--out: expected file, got nothing",
  },
  "an invalid choice": {
    args: ["train", "--init", "random"],
    says: '--init: expected tiny, scaled or orthogonal, got "random"',
  },
  "an unknown backend": {
    args: ["train", "--backend", "gpu"],
    says: '--backend: there is no "gpu"; choose one of cpu, cpu:simd, cpu:plain, blas, gpujs,',
  },
  "an unavailable mode of gpu.js": {
    args: ["train", "--backend", "gpujs:webgl2"],
    says: "--backend: gpu.js webgl2 does not work here: WebGL2 is only available in browsers",
  },
  "float64 on gpu.js": {
    args: ["train", "--backend", "gpujs", "--dtype", "float64"],
    says: "--dtype: gpujs computes in float32, got float64; use --backend cpu",
  },
  "a dropout rate of 1": {
    args: ["train", "--dropout", "1"],
    says: '--dropout: expected a number of at least 0 and below 1, got "1"',
  },
  "invalid label weights": {
    files: { "own.csv": GOOD },
    args: [...TRAIN, "--label-weights", "positive"],
    says: '--label-weights: expected balanced, or a list such as spam=3,ham=1, got "positive"',
  },
  "a weight for an unknown label": {
    files: { "own.csv": GOOD },
    args: [...TRAIN, "--label-weights", "fine=2"],
    says: 'the label weights name "fine", which is not a label',
  },
  "momentum for another optimizer": {
    files: { "own.csv": GOOD },
    args: [...TRAIN, "--momentum", "0.9"],
    says: "--momentum: is for --optimizer sgd, got adam",
  },
  "patience without a validation split": {
    files: { "own.csv": GOOD },
    args: [...TRAIN, "--patience", "3", "--validation", "0"],
    says: "--patience: needs a --validation split above 0",
  },
  "too few examples for a validation split": {
    files: { "own.csv": GOOD },
    args: [...TRAIN, "--validation", "0.2"],
    says: "2 examples are too few to hold out 0.2 of them",
  },
  "labels that occur once": {
    files: {
      "own.csv": `text,label\n${Array.from("abcdefghij", (id) => `so ${id},${id}\n`).join("")}`,
    },
    args: [...TRAIN, "--validation", "0.2"],
    says: 'each of the 10 labels occurs once, such as "',
  },
  "relu in an lstm": {
    files: { "own.csv": GOOD },
    args: [...TRAIN, "--cell", "lstm", "--activation", "relu"],
    says: "the activation relu is for the cell rnn, got lstm",
  },
  "a frozen one-hot input": {
    files: { "own.csv": GOOD },
    args: [...TRAIN, "--embedding", "0", "--frozen"],
    says: "a frozen embedding needs an embedding size of at least 1",
  },
  "more labels than words": {
    files: { "own.csv": "text,label\nmeet ann,O PERSON\ncall ben,O PERSON O\n" },
    args: [...TRAIN, "--head", "token", "--strict"],
    says: 'own.csv:3: the text "call ben" has 2 words and 3 labels; give one label for each word',
  },
  "a missing file of word vectors": {
    files: { "own.csv": GOOD },
    args: [...TRAIN, "--vectors", "glove.txt"],
    says: "glove.txt: no such file",
  },
  "malformed word vectors": {
    files: { "own.csv": GOOD, "glove.txt": "good 0.1 0.2\nbad 0.1 x\nso 0.1 x\n" },
    args: [...TRAIN, "--vectors", "glove.txt"],
    says: "glove.txt:2: ",
  },
  "word vectors without any word of the examples": {
    files: { "own.csv": GOOD, "glove.txt": "the 0.1 0.2\nof 0.1 0.2\n" },
    args: [...TRAIN, "--vectors", "glove.txt"],
    says: "glove.txt: has none of the words of the examples in own.csv, such as good, bad",
  },
  "a report in a folder that does not exist": {
    files: { "own.csv": GOOD },
    args: [...TRAIN, "--report", "there/report.html"],
    says: "there/report.html: its folder does not exist",
  },
  "a file as the checkpoint folder": {
    files: { "own.csv": GOOD },
    args: [...TRAIN, "--checkpoint", "own.csv"],
    says: "own.csv: ",
  },
  "a missing model for --gradients": {
    args: ["inspect", "--gradients"],
    says: "model.safetensors: no such file",
  },
  "float64 for float32 kernels": {
    args: ["train", "--backend", "cpu:simd", "--dtype", "float64"],
    says: "--dtype: cpu:simd computes in float32; use --backend cpu for float64",
  },
  "threads for plain loops": {
    args: ["train", "--backend", "cpu:plain", "--threads", "2"],
    says: "--threads: cpu:plain runs on one thread; leave it out",
  },
  "zero threads": {
    args: ["train", "--threads", "0"],
    says: '--threads: expected a whole number of at least 1, got "0"',
  },
  "a memory limit for gpu.js": {
    args: ["train", "--backend", "gpujs", "--memory", "100"],
    says: "--memory: is a setting of --backend cpu; leave it out for gpujs",
  },
  "a hidden size that exceeds memory": {
    args: ["train", "--hidden", "1000000000"],
    says: "a hidden size of 1000000000",
  },
};

for (const [what, { files = {}, args, says }] of Object.entries(refusals)) {
  Deno.test(`${args[0]} refuses ${what}, with status 2`, () =>
    inFolder(async (cwd) => {
      for (const [name, content] of Object.entries(files)) {
        if (typeof content === "string") await Deno.writeTextFile(`${cwd}/${name}`, content);
        else await Deno.writeFile(`${cwd}/${name}`, content);
      }
      const { status, out, err } = await unroll(args, { cwd });
      assertStringIncludes(err, says);
      assert(/^error: [^\n]{1,400}\n$/.test(err), `not one line: ${err.slice(0, 2000)}`);
      assertEquals([status, out], [2, ""]);
      assertEquals(await filesIn(cwd), Object.keys(files).sort());
    }));
}

Deno.test("a model truncated at every hundredth byte is refused, with status 2", () =>
  inFolder(async (cwd) => {
    await unroll(["train", "--epochs", "1", "--hidden", "2", "--out", "whole"], { cwd });
    const bytes = await Deno.readFile(`${cwd}/whole`);
    for (let end = 0; end < bytes.length; end += 100) {
      await Deno.writeFile(`${cwd}/cut`, bytes.subarray(0, end));
      const { status, err } = await unroll(["predict", "--model", "cut", "good"], { cwd });
      assertEquals(status, 2);
      assert(/^error: cut: [^\n]+\n$/.test(err), err);
    }
  }));

Deno.test("--help lists the commands, and each has examples", async () => {
  const overview = await unroll(["--help"]);
  assertEquals(overview.status, 0);
  for (const line of overview.out.split("\n")) assert(line.length <= 80, line);
  for (
    const command of [
      "train",
      "predict",
      "evaluate",
      "inspect",
      "export",
      "import",
      "serve",
      "backends",
    ]
  ) {
    assertStringIncludes(overview.out, `  ${command} `);
    const { status, out, err } = await unroll([command, "--help"]);
    assertEquals([status, err], [0, ""]);
    assertStringIncludes(out, `Usage: deno task ${command}`);
    assertStringIncludes(out, "Examples:\n  deno task ");
  }
});
