import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { type Example, InputError, recommend, type TrainOptions } from "@unroll/core";
import { parseFlags, typedWithHelp } from "#cli/flags/arguments.ts";
import { backendsCommand } from "#cli/backends.ts";
import { evaluateCommand } from "#cli/commands/evaluate.ts";
import type { Command } from "#cli/flags/flags.ts";
import { exportCommand } from "#cli/commands/export.ts";
import { generateCommand } from "#cli/commands/generate.ts";
import { helpText } from "#cli/flags/help.ts";
import { importCommand } from "#cli/commands/import.ts";
import { inspectCommand } from "#cli/commands/inspect.ts";
import { predictCommand } from "#cli/commands/predict.ts";
import { serveCommand } from "#cli/commands/serve.ts";
import { TASK_NAMES, taskNamed } from "#cli/tasks/tasks.ts";
import { trainCommand } from "#cli/commands/train.ts";
import { requireFlagsOf } from "#cli/run/train_flags.ts";
import { inFolder, unroll } from "./helpers.ts";

const EXAMPLES: Record<string, Example[]> = {
  "classification": Array.from({ length: 120 }, (_, i) => ({
    text: `w${i % 7} is ${i % 2 ? "good" : "bad"}`,
    label: i % 2 ? "up" : "down",
  })),
  "language-model": [{ text: "to be or not to be ".repeat(20), label: "" }],
  "generate-from-label": [{ text: "good", label: "up" }, { text: "bad", label: "down" }],
  "translate": [{ text: "ab", label: "AB" }, { text: "ba", label: "BA" }],
};

/** Returns the training options that flags select. */
async function trainingFor(task: string, flags: string): Promise<TrainOptions> {
  const args = ["--task", task, "--data", "own.csv", ...flags.split(" ").filter(Boolean)];
  const { values } = parseFlags(trainCommand, args);
  return (await taskNamed(task, values).plan(EXAMPLES[task], values)).training;
}

/** Flags, and the recommended settings that they change. */
const CHANGES: [string, string, Partial<TrainOptions>][] = [
  ["language-model", "--warm-up 10", { schedule: { name: "cosine", warmUp: 10 } }],
  ["translate", "--warm-up 10", { schedule: { name: "cosine", warmUp: 10 } }],
  ["translate", "--schedule step", { schedule: { name: "step" } }],
  [
    "language-model",
    "--schedule plateau --schedule-every 2 --schedule-factor 0.1",
    { schedule: { name: "plateau", every: 2, factor: 0.1 } },
  ],
  [
    "classification",
    "--weight-decay 0.01",
    { optimizer: { name: "adam", dense: true, weightDecay: 0.01 } },
  ],
  [
    "classification",
    "--optimizer sgd --momentum 0.9",
    { optimizer: { name: "sgd", dense: true, momentum: 0.9 } },
  ],
  [
    "classification",
    "--sparse",
    { optimizer: { name: "adam" } },
  ],
  ["classification", "--clip 0.5", { clip: 0.5 }],
  ["classification", "--clip-norm 2", { clipNorm: 2 }],
  ["classification", "--clip-norm none", { clipNorm: Infinity }],
  ["classification", "--learning-rate 0.1", { learningRate: 0.1 }],
  ["classification", "--label-weights up=2,down=.5", { labelWeights: { up: 2, down: 0.5 } }],
];

for (const [task, flags, changed] of CHANGES) {
  Deno.test(`train --task ${task} ${flags} changes only this recommended setting`, async () => {
    const recommended = await trainingFor(task, "");
    const before = Object.fromEntries(
      Object.keys(changed).map((name) => [name, recommended[name as keyof TrainOptions]]),
    );
    const asked = await trainingFor(task, flags);
    assertEquals(asked, { ...recommended, ...changed });
    assert(JSON.stringify(before) !== JSON.stringify(changed), "nothing changes");
  });
}

Deno.test("a flag that does not apply with the others of its group is refused", async () => {
  const refused: [string, string, string][] = [
    ["classification", "--momentum 0.9", "--momentum: is for --optimizer sgd, got adam"],
    ["language-model", "--schedule-every 5", "--schedule-every: is for --schedule step or plateau"],
    ["classification", "--schedule-factor 0.5", "is for --schedule step or plateau, got constant"],
    ["classification", "--label-weights up=1,up=2", '--label-weights: weighs "up" twice'],
    ["classification", "--label-weights up=0x10", "--label-weights: expected balanced, or a list"],
  ];
  for (const [task, flags, says] of refused) {
    let message = "";
    await trainingFor(task, flags).catch((error) => message = error.message);
    assertStringIncludes(message, says, flags);
  }
});

Deno.test("values that begin with a minus, and texts, are read literally", () => {
  const generated = parseFlags(generateCommand, ["--prompt", "-h", "--length", "007"]);
  assertEquals([generated.values.prompt, generated.values.length], ["-h", 7]);
  assertEquals([...generated.given], ["prompt", "length"]);
  assertEquals(parseFlags(generateCommand, ["--prompt", ""]).values.prompt, "");
  assertEquals(parseFlags(generateCommand, ["--prompt=--a=b"]).values.prompt, "--a=b");
  assertEquals(parseFlags(generateCommand, ["--prompt", "--- a"]).values.prompt, "--- a");
  assertEquals(parseFlags(generateCommand, ["--temperature", "1e-1"]).values.temperature, 0.1);
  const texts = ["-1 great", "- so", "-", "", "-.5", "5"];
  const asked = parseFlags(predictCommand, [...texts, "--json", "--", "--json", "-h"]);
  assertEquals(asked.operands, [...texts, "--json", "-h"]);
  assertEquals(asked.values.json, true);
});

/** Arguments, and part of the error message. */
const REFUSED: [Command, string[], string][] = [
  ...["--seed 1 --seed 1", "--seed 1 --seed=1"].map((
    flags,
  ): [Command, string[], string] => [
    asCommand(trainCommand),
    flags.split(" "),
    "--seed: is given twice; give it once",
  ]),
  [
    asCommand(trainCommand),
    ["--seed=1", "--seed", "2"],
    '--seed: is given twice, as "1" and as "2"; give it once',
  ],
  [asCommand(trainCommand), ["--json", "--json"], "--json: is given twice; give it once"],
  [asCommand(trainCommand), ["--seed", "-1"], 'a whole number of at least 0, got "-1"'],
  [
    asCommand(trainCommand),
    ["--seed", "9".repeat(20)],
    `at least 0 and at most 9007199254740991, got "${"9".repeat(20)}"`,
  ],
  ...["1e3", "0x10", "１", "1_000", " 5", "+5", "1.", "", "-0"].map((
    typed,
  ): [Command, string[], string] => [
    asCommand(trainCommand),
    ["--epochs", typed],
    `--epochs: expected a whole number of at least 1, got "${typed}"`,
  ]),
  ...["0x10", " 5", "1_0", "", "NaN", "Infinity", "1e400", "-1", "１"].map((
    typed,
  ): [Command, string[], string] => [
    asCommand(generateCommand),
    ["--temperature", typed],
    `--temperature: expected a number of at least 0, got "${typed}"`,
  ]),
  [
    asCommand(trainCommand),
    ["--clip", "off"],
    '--clip: expected a number above 0, or none, got "o',
  ],
  [asCommand(trainCommand), ["--schedule-factor", "2"], "a number above 0 and at most 1, got"],
  [
    asCommand(trainCommand),
    ["--cell", "LSTM"],
    'rnn, lstm, gru, mingru or lnlstm, got "LSTM"; did you mean lstm?',
  ],
  [asCommand(trainCommand), ["--task", "lang"], "did you mean language-model?"],
  [asCommand(trainCommand), ["--no-shuffle=false"], '--no-shuffle: takes no value, got "false"'],
  [asCommand(trainCommand), ["--seed"], "expected a whole number of at least 0, got nothing"],
  [
    asCommand(trainCommand),
    ["--cell"],
    "--cell: expected rnn, lstm, gru, mingru or lnlstm, got nothing",
  ],
  [asCommand(trainCommand), ["--out", "--json"], 'expected file, got the flag "--json"'],
  [asCommand(trainCommand), ["--out", ""], '--out: expected file, got ""'],
  [asCommand(trainCommand), ["--from", "-"], '--from: expected a file, got "-", which is a stream'],
  [asCommand(trainCommand), ["--data", "/dev/stdin"], 'got "/dev/stdin", which is a stream'],
  [asCommand(trainCommand), ["--Epochs", "3"], "no flag --Epochs; did you mean --epochs?"],
  [asCommand(trainCommand), ["--learn", "3"], "no flag --learn; did you mean --learning-rate?"],
  [asCommand(trainCommand), ["--a.b", "1"], "train has no flag --a.b"],
  [asCommand(trainCommand), ["--constructor", "1"], "train has no flag --constructor"],
  [asCommand(trainCommand), ["--__proto__=1"], "train has no flag --__proto__"],
  [asCommand(trainCommand), ["--no-json"], "train has no flag --no-json"],
  [asCommand(trainCommand), ["--x\u001b[31m\n"], "train has no flag --x\\u001b[31m\\n;"],
  [asCommand(trainCommand), ["--help=x"], "--help takes no value"],
  [asCommand(trainCommand), [""], 'train takes flags only, got ""'],
  [asCommand(trainCommand), ["--cell", "x\n".repeat(9999)], '…"'],
  [asCommand(predictCommand), ["-great"], "predict has no flag -great; a text that begins with"],
];

// deno-lint-ignore no-explicit-any
function asCommand(command: Command<any>): Command {
  return command;
}

Deno.test("invalid flags are refused, each in one clear line", () => {
  for (const [command, args, says] of REFUSED) {
    const error = assertThrows(() => parseFlags(command, args), InputError);
    assertStringIncludes(error.message, says);
    assert(/^\P{Cc}{1,200}$/u.test(error.message), error.message);
  }
});

Deno.test("only a separate flag prints the help, not a value or a text", () => {
  for (const args of [["-h"], ["--nosuch", "--help"], ["--out", "--help"], ["a", "-h"]]) {
    assert(typedWithHelp(asCommand(trainCommand), args) !== undefined, args.join(" "));
  }
  const values = [["--prompt", "-h"], ["--prompt=--help"], ["--", "--help"], ["--length", "-h"]];
  for (const args of values) {
    assertEquals(typedWithHelp(asCommand(generateCommand), args), undefined, args.join(" "));
  }
});

Deno.test("help fits into 80 columns, and lists every flag once", () => {
  const others = [
    predictCommand,
    generateCommand,
    evaluateCommand,
    inspectCommand,
    exportCommand,
    importCommand,
    serveCommand,
    backendsCommand,
  ].map((command): [Command, string | undefined] => [asCommand(command), undefined]);
  const all = [undefined, ...TASK_NAMES].map((task): [Command, string | undefined] => [
    asCommand(trainCommand),
    task,
  ]);
  const seen = new Set<string>();
  for (const [command, task] of [...all, ...others]) {
    const help = helpText(command, new Map(task === undefined ? [] : [["task", task]]), true);
    for (const line of help.split("\n")) assert(line.length <= 80, line);
    const flags = [...help.matchAll(/^ {2}--([a-z0-9-]+)/gm)].map(([, flag]) => flag);
    assertEquals(flags.length, new Set(flags).size, command.name);
    for (const flag of flags) seen.add(`${command.name} ${flag}`);
  }
  for (const [command] of [...all, ...others]) {
    for (const flag of Object.keys(command.flags)) {
      assert(seen.has(`${command.name} ${flag}`), `${command.name} --${flag}`);
    }
  }
});

Deno.test("train --task TASK --help prints the flags and defaults of that task", () => {
  const helpOf = (task: string) =>
    helpText(asCommand(trainCommand), new Map([["task", task]]), true);
  const shared = helpText(asCommand(trainCommand), undefined, true);
  assertStringIncludes(shared, "train --task TASK --help");
  assert(!shared.includes("--head last") && !shared.includes("--teacher-forcing"));
  const translate = helpOf("translate"), classification = helpOf("classification");
  assert(translate.includes("--teacher-forcing X") && !translate.includes("--head last"));
  assert(classification.includes("--head last|mean") && !classification.includes("--attention"));
  assertStringIncludes(translate, "(default: cosine)");
  assertStringIncludes(classification, "(default: constant)");
  const { learningRate } = recommend(new Array(1000).fill({ text: "good", label: "up" })).training;
  assertStringIncludes(classification, `learning rate (default: ${learningRate}; depends on`);
  assertThrows(() => helpOf("translation"), InputError, "did you mean translate?");
});

Deno.test("a flag of another task, or without its file, is refused for any value", () => {
  const refused: [string, string, string | undefined, string][] = [
    ["translate", "text-column", "a.csv", "--text-column: is for --task classification or lang"],
    ["classification", "target-column", "a.csv", "--target-column: is for --task translate, got c"],
    ["language-model", "text-column", "a.txt", "is for .csv, .tsv and .jsonl files, got a.txt"],
    ["classification", "text-column", undefined, "--text-column: needs a file; give --data FILE"],
  ];
  for (const [task, flag, file, says] of refused) {
    assertThrows(() => requireFlagsOf(taskNamed(task), new Set([flag]), [file]), InputError, says);
  }
  requireFlagsOf(taskNamed("language-model"), new Set(["text-column", "seed"]), ["a.csv"]);
});

Deno.test("--help and help print to standard output, with status 0", async () => {
  for (const args of ["train --task translate --help", "help generate", "-h"]) {
    const { status, out, err } = await unroll(args.split(" "));
    assertEquals([status, err], [0, ""]);
    assertStringIncludes(out, "Usage: deno task");
  }
});

Deno.test("a flag that a command would ignore is refused, even with its default value", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, "text,label\ngood,up\nbad,down\n");
    assertEquals((await unroll("train --epochs 1".split(" "), { cwd })).status, 0);
    const refused: [string, string][] = [
      ["train --every 100", "--every: needs --checkpoint FOLDER"],
      ["train --data own.csv --from model.safetensors --cell rnn", "--cell: is fixed by the mod"],
      ["train --memory 8192", "address at most 4096 MiB, got 8192; use --backend cpu:plain"],
      ["train --threads 100000", "--threads: expected at most"],
      ["predict --beam 1 good", "--beam: is for a translation model"],
      ["evaluate --data own.csv --source-column source", "--source-column: is for --task transl"],
      ["inspect --sentences 200", "--sentences: is for inspect --gradients"],
    ];
    for (const [args, says] of refused) {
      const { status, out, err } = await unroll(args.split(" "), { cwd });
      assertStringIncludes(err, says);
      assertEquals([status, out], [2, ""]);
    }
  }));

Deno.test("--help leaves out rarely needed flags, and --help all prints them", () => {
  const command = asCommand(trainCommand);
  const [some, all] = [["--help"], ["--help", "all"]].map((args) => {
    const help = typedWithHelp(command, args)!;
    return helpText(command, help.typed, help.all);
  });
  assert(!some.includes("--warm-up") && all.includes("--warm-up"));
  assertMatch(some, /--help \[all\] +show this help; all: also \d+ rarely needed flags/);
  assertMatch(all, /\n {2}--help {3,}show this help\n/);
  // A flag that was typed is shown even if it is rarely needed.
  assert(helpText(command, new Map([["warm-up", "3"]])).includes("--warm-up"));
});

Deno.test("--size selects half, all or twice the recommended hidden size", () =>
  inFolder(async (cwd) => {
    const sizes: [string[], string][] = [
      [[], "64"],
      [["--size", "small"], "32"],
      [["--size", "medium"], "64"],
      [["--size", "large"], "128"],
    ];
    for (const [args, hidden] of sizes) {
      const { out } = await unroll(["train", "--epochs", "1", ...args], { cwd });
      assertStringIncludes(out, `an rnn of ${hidden} units`);
    }
    const rows = Array.from({ length: 40 }, (_, i) => `word${i % 4} again,${i % 2}`);
    await Deno.writeTextFile(`${cwd}/a.csv`, `text,label\n${rows.join("\n")}\n`);
    const trained = await unroll(
      ["train", "--data", "a.csv", "--epochs", "1", "--size", "small"],
      { cwd },
    );
    assertStringIncludes(trained.out, "gru of 16 units");
    const both = await unroll(["train", "--size", "small", "--hidden", "8"], { cwd });
    assertEquals([both.status, both.err], [
      2,
      "error: --size: stands for a hidden size; leave out --size or --hidden\n",
    ]);
  }));
