/**
 * `deno task import`
 *
 * @module
 */
import { InputError, type Model } from "@unroll/core";
import {
  IMPORTED_TASKS,
  importModel,
  type ImportOptions,
  parseTokenList,
  type TokenList,
} from "@unroll/core/import";
import { attempt } from "../files/file_errors.ts";
import { withFile } from "../files/files.ts";
import { requireSeparate, resolvePath } from "../files/paths.ts";
import { requireWritable, saveModel } from "../files/saving.ts";
import { choice, type Command, file, inGroups, list, text, type Values } from "../flags/flags.ts";
import { anyNumber, positive } from "../flags/number_flags.ts";
import { NETWORK_FLAGS, TRAINING_FLAGS } from "../flags/run_flags.ts";
import { LABEL, print, printable, shellWord, table } from "../output/terminal.ts";
import { taskOf } from "../tasks/tasks.ts";

const { unit, cell, activation, hidden, head, threshold } = NETWORK_FLAGS;

const flags = {
  "weights": file("PyTorch state_dict, saved as .safetensors", undefined),
  "vocabulary": file(
    "words by id: a text file with one word per line, a JSON list, {word: id}, or tokenizer.json",
    undefined,
  ),
  "target-vocabulary": file("the same for the target of a translation", undefined),
  "labels": text(
    "a,b,c|FILE",
    "labels by id: a list, or a file like --vocabulary",
    undefined,
  ),
  "out": file("where to save the model", "model.safetensors"),
  "task": {
    ...choice(IMPORTED_TASKS, "what the model is for", undefined),
    shown: "classification, or tagging with --head token",
  },
  "head": {
    ...choice(["last", "mean", "max", "mean-max", "token"], head.help, undefined),
    shown: "last, or mean-max if the head is twice as wide",
  },
  "cell": { ...cell, shown: "from the tensor shapes" },
  "activation": { ...activation, shown: "tanh", isRare: false },
  "hidden": { ...hidden, shown: "from the tensor shapes" },
  "unknown": { ...text("WORD", "token for unknown words", undefined), shown: "<unk>" },
  "start": { ...text("SYMBOL", "start-of-text token", undefined), shown: "<s>, <bos>" },
  "end": { ...text("SYMBOL", "end-of-text token", undefined), shown: "</s>, <eos>" },
  "unit": { ...unit, shown: "from the vocabulary" },
  "split": {
    ...choice(
      ["words", "spaces", "characters", "graphemes"],
      "how texts are split: at word boundaries, at whitespace, or into letters",
      undefined,
    ),
    shown: "from the vocabulary; spaces for tagging",
  },
  "case": {
    ...choice(["lower", "keep"], "whether texts are lowercased, or keep their case", undefined),
    shown: "from the vocabulary",
  },
  "punctuation": {
    ...choice(["drop", "keep"], "whether punctuation is dropped, or kept as words", undefined),
    shown: "from the vocabulary",
  },
  "separator": {
    ...text("TEXT", "separator between labels, for --task multi-label", undefined),
    shown: ";",
  },
  "threshold": {
    ...threshold,
    help: "lowest probability at which a label is predicted, for --task multi-label",
    shown: "0.5",
  },
  "mean": {
    ...anyNumber("mean of the numbers, for --task regression: added to the output", undefined),
    shown: "0",
  },
  "deviation": {
    ...positive("standard deviation of the numbers: the output is multiplied by it", undefined),
    shown: "1",
  },
  "loss": { ...TRAINING_FLAGS.loss, shown: "squared" },
  "columns": text(
    "x,y",
    "columns that a model of series reads, in the order of its inputs",
    undefined,
  ),
  "means": { ...text("a,b", "mean of each column, subtracted from it", undefined), shown: "0" },
  "deviations": {
    ...text("a,b", "standard deviation of each column, which is divided by it", undefined),
    shown: "1",
  },
  "ignore": list(
    text("NAME", "tensor to leave out, or a prefix of tensor names up to a dot", undefined),
  ),
  "tensor": list(
    text("OURS=THEIRS", "mapping of a tensor's name, such as head.weight=fc.weight", undefined),
  ),
};

/** `deno task import` */
export const importCommand: Command<typeof flags> = {
  name: "import",
  summary: "Creates a model from weights that were trained in PyTorch.",
  flags,
  groups: inGroups(flags, {
    Files: ["weights", "vocabulary", "target-vocabulary", "labels", "out"],
    Network: ["task", "head", "cell", "activation", "hidden", "ignore", "tensor"],
    Text: ["unit", "split", "case", "punctuation", "unknown", "start", "end"],
    Labels: ["separator", "threshold"],
  }, "Numbers"),
  examples: [
    "import --weights net.safetensors --vocabulary words.txt --labels negative,positive",
    "import --weights tagger.safetensors --vocabulary vocab.json --head token --labels tags.txt",
    "import --weights lm.safetensors --vocabulary tokenizer.json --task language-model",
    "import --weights net.safetensors --vocabulary words.txt --task regression --mean 3 --deviation 2",
    "import --weights net.safetensors --task series-classification --columns x,y --labels up,down",
  ],
  async run(settings) {
    const { weights, vocabulary, labels, out, "target-vocabulary": target } = settings;
    if (weights === undefined) {
      throw new InputError("import needs weights: give --weights FILE, a PyTorch state_dict");
    }
    const isLabelFile = labels !== undefined && !labels.includes(",");
    await requireSeparate([
      { flag: "weights", path: weights, holds: "has the weights" },
      vocabulary === undefined
        ? undefined
        : { flag: "vocabulary", path: vocabulary, holds: "has the words" },
      target === undefined
        ? undefined
        : { flag: "target-vocabulary", path: target, holds: "has the words" },
      isLabelFile ? { flag: "labels", path: labels, holds: "has the labels" } : undefined,
      { flag: "out", path: out },
    ]);
    const options: ImportOptions = {
      ...optionsOf(settings),
      vocabulary: vocabulary === undefined ? undefined : await readTokenList(vocabulary),
      targetVocabulary: target === undefined ? undefined : await readTokenList(target),
      labels: labels === undefined
        ? undefined
        : isLabelFile
        ? (await readTokenList(labels)).words
        : namesIn(labels),
    };
    await requireWritable(out);
    const { model, network, tensors, notes } = await withFile(
      weights,
      (source) => importModel(source, options, weights),
    );
    await saveModel(out, model);
    const rows = tensors.map(({ name, from, shape }) => [
      name,
      printable(from, 2 * LABEL),
      shape.join(" x "),
    ]);
    for (const line of table([["tensor", "from", "shape"], ...rows], [0, 1])) print(line);
    print();
    print(`Found ${network}.`);
    for (const note of notes) print(`Note: ${printable(note)}.`);
    print();
    print(`Saved ${printable(out)}. Inspect it and try it with:`);
    print(`  deno task inspect --model ${shellWord(out)}`);
    print(`  ${tryIt(model, shellWord(out), options)}`);
    return 0;
  },
};

/** Returns a command that tries a model. */
function tryIt(model: Model, path: string, { vocabulary }: ImportOptions): string {
  const { predict, generate } = taskOf(model);
  if (!vocabulary) return `deno task predict --model ${path} --data series.csv`;
  const text = shellWord(vocabulary.words.find((word) => /^\p{L}/u.test(word)) ?? "a");
  return generate && !predict
    ? `deno task generate --model ${path} --prompt ${text}`
    : `deno task predict --model ${path} ${text}`;
}

/** Returns names that are separated by commas. */
function namesIn(typed: string): string[] {
  return typed.split(",").filter((name) => name !== "");
}

/** Returns numbers that are separated by commas. */
function numbersIn(flag: string, typed: string): number[] {
  return typed.split(",").map((each) => {
    const value = Number(each);
    if (each.trim() !== "" && Number.isFinite(value)) return value;
    throw new InputError(
      `--${flag}: expected numbers separated by commas, got ${JSON.stringify(typed)}`,
    );
  });
}

/** Returns the import options other than vocabularies and labels. */
function optionsOf(settings: Values<typeof flags>): ImportOptions {
  const { task, cell, activation, hidden, head, unknown, start, end, unit, separator } = settings;
  const { threshold, mean, deviation, loss, ignore, tensor, split, punctuation } = settings;
  const { columns, means, deviations } = settings;
  return {
    ...{ task, cell, activation, hidden, head, unknown, start, end, unit, separator },
    ...{ threshold, loss, ignore },
    tokenizer: {
      ...(split && { split }),
      ...(settings.case && { lowerCase: settings.case === "lower" }),
      ...(punctuation && { punctuation }),
    },
    ...(mean === undefined && deviation === undefined
      ? {}
      : { scale: { mean: mean ?? 0, deviation: deviation ?? 1 } }),
    ...(columns === undefined ? {} : { columns: namesIn(columns) }),
    ...(means === undefined && deviations === undefined ? {} : {
      columnScale: {
        means: means ? numbersIn("means", means) : namesIn(columns ?? "").map(() => 0),
        deviations: deviations
          ? numbersIn("deviations", deviations)
          : namesIn(columns ?? "").map(() => 1),
      },
    }),
    tensors: Object.fromEntries((tensor ?? []).map((each) => {
      const at = each.indexOf("=");
      if (at < 1 || at === each.length - 1) {
        throw new InputError(
          `--tensor: expected OURS=THEIRS, such as head.weight=fc.weight, got ${
            JSON.stringify(each)
          }`,
        );
      }
      return [each.slice(0, at), each.slice(at + 1)];
    })),
  };
}

/** Reads a list of tokens from a file. */
async function readTokenList(path: string): Promise<TokenList> {
  const bytes = await attempt(path, "read", () => Deno.readFile(resolvePath(path)));
  try {
    return parseTokenList(new TextDecoder("utf-8", { fatal: true }).decode(bytes), path);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new InputError(`${path}: is not UTF-8; save it as UTF-8`);
  }
}
