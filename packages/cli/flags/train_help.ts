/**
 * The help of the train command: the flags of all tasks, or those of one task with its defaults.
 *
 * @module
 */
import {
  createLanguageModel,
  createModel,
  createTranslationModel,
  type Example,
  type Model,
  recommend,
  type Recommendation,
  recommendLanguageModel,
  recommendTranslation,
  settleOptions,
} from "@unroll/core";
import { parseValue } from "./arguments.ts";
import { BACKEND_FLAGS } from "../backends.ts";
import type { Flags, Help } from "./flags.ts";
import {
  DATA_FLAGS,
  NETWORK_FLAGS,
  OUTPUT_FLAGS,
  type TaskName,
  TASKS,
  tasksOf,
  TRAINING_FLAGS,
} from "./train_flags.ts";

const GROUPS: Record<string, Flags> = {
  Data: DATA_FLAGS,
  Network: NETWORK_FLAGS,
  Training: TRAINING_FLAGS,
  Output: OUTPUT_FLAGS,
  Backend: BACKEND_FLAGS,
};

/** The help of the train command, by the task that was typed beside --help. */
export function trainHelp(typed: ReadonlyMap<string, string>): Help {
  const name = typed.get("task");
  const task = name === undefined ? undefined : parseValue("task", DATA_FLAGS.task.parse, name);
  const tasks = task === undefined ? TASKS : [task];
  const defaults = task === undefined ? {} : defaultsOf(task);
  const sections = Object.entries(GROUPS).map(([title, flags]) => ({
    title,
    flags: Object.fromEntries(
      Object.entries(flags).filter(([flag]) => tasks.every((each) => tasksOf(flag).includes(each))),
    ),
    defaults,
  }));
  const examples = EXAMPLES.filter(([each]) => tasks.includes(each)).map(([, example]) => example);
  return { sections, note: task === undefined ? SHARED : noteOf(task), examples };
}

/** Calls to learn from, by task. */
const EXAMPLES: [TaskName, string][] = [
  ["classification", "train"],
  ["classification", "train --data reviews.csv --report report.html"],
  [
    "classification",
    "train --data mails.tsv --text-column subject --label-column folder --cell lstm --layers 2",
  ],
  ["classification", "train --data tags.csv --head token"],
  ["language-model", "train --task language-model --data book.txt"],
  ["generate-from-label", "train --task generate-from-label --data reviews.csv"],
  ["translate", "train --task translate --data pairs.csv --report report.html"],
  ["classification", "train --data reviews.csv --checkpoint run --every 200"],
  ["classification", "train --resume run"],
  ["classification", "train --from model.safetensors --data more.csv --out better.safetensors"],
];

const SHARED = "These flags are for every task. For all flags of a task and their defaults, name " +
  `it: deno task train --task TASK --help, where TASK is ${TASKS.slice(0, -1).join(", ")} or ` +
  `${TASKS.at(-1)}. Without --task it is classification.`;

function noteOf(task: TaskName): string {
  const { about } = SIZES[task];
  const general = `Defaults that depend on the amount of data are those for ${about}.`;
  if (task !== "classification") return general;
  const { config } = createModel(PAIR), { epochs, learningRate, optimizer } = settleOptions({});
  return `${general} Without --data, it trains on built-in sentences with the settings of the ` +
    `article: --cell ${config.cell} --hidden ${config.hidden} --head ${config.head} --optimizer ` +
    `${optimizer.name} --learning-rate ${learningRate} --epochs ${epochs}.`;
}

const PAIR: Example[] = [{ text: "good", label: "up" }, { text: "bad", label: "down" }];

/** Amounts of data to show defaults for, the usual one first. */
const SIZES: Record<TaskName, { about: string; sets: Example[][] }> = {
  "classification": { about: "1,000 examples", sets: [1000, 10, 100_000].map(pairs) },
  "language-model": { about: "a text of 100,000 characters", sets: [1e5, 1000, 2e5].map(oneText) },
  "generate-from-label": { about: "1,000 texts of 100 characters", sets: [1000, 10].map(texts) },
  "translate": { about: "1,000 pairs", sets: [1000, 10, 100_000].map(pairs) },
};

function pairs(count: number): Example[] {
  return new Array(count).fill(PAIR[0]);
}

function oneText(length: number): Example[] {
  return [{ text: "a".repeat(length), label: "" }];
}

function texts(count: number): Example[] {
  return new Array(count).fill({ text: "a".repeat(count / 10), label: "up" });
}

/** The defaults of a task in words, by flag; none for those that it has no value for. */
function defaultsOf(task: TaskName): Record<string, string | undefined> {
  const [usual, ...others] = SIZES[task].sets.map((set) => valuesOf(task, set));
  const entries = Object.entries(usual).map(([flag, value]) => {
    const isFixed = others.every((other) => other[flag] === value);
    return [flag, value === undefined || isFixed ? value : `${value}; depends on the data`];
  });
  return { ...Object.fromEntries(entries), task: undefined };
}

/** What the train command would choose for some examples, by flag. */
function valuesOf(task: TaskName, examples: Example[]): Record<string, string | undefined> {
  const { network, training, validation, model } = adviceFor(task, examples);
  const { config, unit, attention } = model;
  const patience = training.patience;
  const options = settleOptions({ ...training, validation: PAIR }, model.task);
  const { optimizer, schedule } = options;
  const every = (["step", "plateau"] as const).map((name) =>
    `${settleOptions({ schedule: { name } }).schedule.every} for ${name}`
  );
  const asHidden = network.embedding !== undefined && config.embedding === config.hidden;
  const values = {
    ...config,
    bidirectional: config.bidirectional ? "yes" : "no",
    frozen: undefined,
    embedding: asHidden ? "the hidden size" : config.embedding,
    unit,
    attention,
    init: network.init,
    epochs: options.epochs,
    "batch-size": options.batchSize,
    "time-steps": options.timeSteps,
    "teacher-forcing": options.teacherForcing,
    "optimizer": optimizer.name,
    "learning-rate": options.learningRate,
    "momentum": optimizer.momentum,
    "weight-decay": optimizer.weightDecay,
    "schedule": schedule.name,
    "schedule-every": every.join(", "),
    "schedule-factor": schedule.factor,
    "warm-up": schedule.warmUp,
    "clip": options.clip ?? "none",
    "clip-norm": options.clipNorm ?? "none",
    validation,
    patience: patience ?? "none",
  };
  return Object.fromEntries(
    Object.entries(values).map(([flag, value]) => [flag, value?.toString()]),
  );
}

function adviceFor(task: TaskName, examples: Example[]): Recommendation & { model: Model } {
  if (task === "classification") {
    const advice = recommend(examples);
    return { ...advice, model: createModel(PAIR, advice.network) };
  }
  if (task === "translate") {
    const advice = recommendTranslation(examples);
    return { ...advice, model: createTranslationModel(PAIR, advice.network) };
  }
  const advice = recommendLanguageModel(examples);
  return { ...advice, model: createLanguageModel(PAIR, advice.network) };
}
