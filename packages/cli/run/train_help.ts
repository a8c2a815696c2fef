/**
 * The help of the train command: the flags of all tasks, or those of one task with its defaults.
 *
 * @module
 */
import { type Example, settleOptions } from "@unroll/core";
import { BACKEND_FLAGS } from "../backends.ts";
import { parseValue } from "../flags/arguments.ts";
import type { Flags, Help } from "../flags/flags.ts";
import { DATA_FLAGS, NETWORK_FLAGS, TRAINING_FLAGS } from "../flags/run_flags.ts";
import type { AnyTask } from "../tasks/task.ts";
import { TASK_NAMES, taskNamed, taskOf, TASKS } from "../tasks/tasks.ts";
import { OUTPUT_FLAGS, TASK_FLAG, tasksOf } from "./train_flags.ts";

const GROUPS: Record<string, Flags> = {
  Data: { ...TASK_FLAG, ...DATA_FLAGS },
  Network: NETWORK_FLAGS,
  Training: TRAINING_FLAGS,
  Output: OUTPUT_FLAGS,
  Backend: BACKEND_FLAGS,
};

/** Returns the help of the train command, for the task that was typed along with --help. */
export function trainHelp(typed: ReadonlyMap<string, string>): Help {
  const asked = typed.get("task");
  const name = asked === undefined ? undefined : parseValue("task", TASK_FLAG.task.parse, asked);
  const names = name === undefined ? TASK_NAMES : [name];
  const task = name === undefined ? undefined : taskNamed(name);
  const defaults = task === undefined ? {} : defaultsOf(task);
  const sections = Object.entries(GROUPS).map(([title, flags]) => ({
    title,
    flags: Object.fromEntries(
      Object.entries(flags).filter(([flag]) => names.every((each) => tasksOf(flag).includes(each))),
    ),
    defaults,
  }));
  const helps = TASKS.filter(({ name }) => names.includes(name)).map(({ help }) => help);
  const examples = [
    ...helps.flatMap(({ examples }) => examples),
    ...helps.flatMap(({ lastExamples = [] }) => lastExamples),
  ];
  return { sections, note: task === undefined ? SHARED : noteOf(task), examples };
}

const SHARED =
  "These flags apply to every task. For all flags of a task with their defaults, see " +
  "deno task train --task TASK --help, where TASK is " +
  `${TASK_NAMES.slice(0, -1).join(", ")} or ${TASK_NAMES.at(-1)}. The default task is ` +
  `${TASKS[0].name}.`;

function noteOf({ help: { about, note } }: AnyTask): string {
  const general = `Defaults that depend on the amount of data are shown for ${about}.`;
  return note === undefined ? general : `${general} ${note()}`;
}

/** Returns the defaults of a task in words, by flag; undefined for flags without a value. */
function defaultsOf(task: AnyTask): Record<string, string | undefined> {
  const [usual, ...others] = task.help.sets().map((set) => valuesOf(task, set));
  const entries = Object.entries(usual).map(([flag, value]) => {
    const isFixed = others.every((other) => other[flag] === value);
    return [flag, value === undefined || isFixed ? value : `${value}; depends on the data`];
  });
  const found = (task.help.found ?? []).map((flag) => [flag, undefined]);
  return { ...Object.fromEntries([...entries, ...found]), task: undefined };
}

/** Returns the settings that the train command would choose for `examples`, by flag. */
function valuesOf(
  { help }: AnyTask,
  examples: readonly Example[],
): Record<string, string | undefined> {
  const { network, training, validation, model } = help.advise(examples);
  const { config } = model;
  const patience = training.patience;
  const options = settleOptions({ ...training, validation: examples }, model.task);
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
    ...taskOf(model).settles?.(model),
    init: network.init,
    epochs: options.epochs,
    "batch-size": options.batchSize,
    "time-steps": options.timeSteps ?? "all",
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
    Object.entries(values).map((
      [flag, value],
    ) => [flag, value === undefined ? undefined : String(value)]),
  );
}
