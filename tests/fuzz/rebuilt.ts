/** Consistent models and checkpoints that training would not make. */
import { type Checkpoint, type FloatArray, type Model, shapesOf, type Weights } from "@unroll/core";
import { allTasks } from "#core/tasks.ts";
import { CELL_NAMES, cellOf } from "#core/network/cells/cells.ts";
import { HEADS } from "#core/network/config.ts";
import { mapWeights } from "#core/network/weights.ts";
import { slotNames } from "#core/training/optimizer.ts";
import type { Dice } from "./dice.ts";
import { HOSTILE_TEXTS } from "./json_tree.ts";
import { RECIPES } from "./model_corpus.ts";

type Numbers = (count: number, like: FloatArray) => FloatArray;

/** Returns numbers of one magnitude, from 0 to values that overflow. */
function numbersBy(dice: Dice): Numbers {
  const scale = dice.pick([0, 1e-40, 0.1, 0.5, 1, 10, 1e10, 1e25, 3e38]);
  return (count, like) => {
    const numbers = like instanceof Float64Array
      ? new Float64Array(count)
      : new Float32Array(count);
    return numbers.map(() => scale * (2 * dice.below(1000) / 999 - 1));
  };
}

/** Returns a model with other settings, words or labels, and weights of matching shapes. */
export function rebuildModel(old: Model, dice: Dice): [model: Model, what: string] {
  const model = structuredClone(old);
  const done = Array.from({ length: dice.few(3) }, () => change(model, dice));
  const numbers = numbersBy(dice);
  const [like] = Object.values(old.weights);
  model.weights = mapWeights(shapesOf(model), ([rows, columns]) => numbers(rows * columns, like));
  return [model, done.join(", ")];
}

/** The members that are specific to the models of each task. */
const OWN_FIELDS = Object.assign(
  {},
  ...RECIPES.map(({ create }) => {
    const { task: _, config: __, vocabulary: ___, labels: ____, weights: _____, ...own } = create();
    return own;
  }),
);

function change(model: Model, dice: Dice): string {
  const { config } = model;
  const set = <T extends object, K extends keyof T>(object: T, key: K, values: readonly T[K][]) => {
    object[key] = dice.pick(values);
    return `${String(key)} := ${object[key]}`;
  };
  switch (dice.below(13)) {
    case 0:
      return set(config, "hidden", [1, 2, 3, 5, 8, 33]);
    case 1:
      return set(config, "layers", [1, 2, 3, 9]);
    case 2:
      return set(config, "cell", CELL_NAMES);
    case 3:
      return set(config, "embedding", [0, 1, 2, 5]);
    case 4:
      return set(config, "bidirectional", [true, false]);
    case 5:
      return set(config, "head", HEADS);
    case 6:
      return set(config, "activation", ["tanh", "relu"]);
    case 7:
      return set(config, "frozen", [true, false]);
    case 8:
      if (!("tokenizer" in model)) return set(config, "dropout", [0, 0.5]);
      return set(model.tokenizer, "split", ["words", "spaces", undefined]);
    case 9:
      if (!("unit" in model)) return set(config, "dropout", [0, 0.5]);
      return set(model, "unit", ["words", "graphemes", "characters"]);
    case 10:
      Object.assign(model, { ...OWN_FIELDS, ...model }); // members of the other task
      return set(model, "task", allTasks().map(({ name }) => name));
    case 11:
      return changeList(model, "vocabulary", dice);
    default:
      return changeList(model, "labels", dice);
  }
}

const MANY = 3000;

function changeList(model: Model, list: "vocabulary" | "labels", dice: Dice): string {
  const words = model[list];
  const text = dice.pick(HOSTILE_TEXTS);
  switch (dice.below(4)) {
    case 0:
      words.splice(dice.below(words.length + 1), 0, text);
      break;
    case 1:
      words[dice.below(words.length)] = text;
      break;
    case 2:
      words.splice(dice.below(words.length));
      break;
    default:
      words.push(...Array.from({ length: MANY }, (_, i) => `${i}`));
  }
  return `${list} has ${words.length}`;
}

/** Returns a checkpoint at another step, with other values, or of a model with other settings. */
export function rebuildCheckpoint(
  old: Checkpoint<Model>,
  dice: Dice,
): [checkpoint: Checkpoint<Model>, what: string] {
  const checkpoint = structuredClone(old);
  const { progress, options } = checkpoint;
  const done: string[] = [];
  if (dice.chance(0.4)) {
    const [model, what] = rebuildModel(old.model, dice);
    checkpoint.model = model;
    done.push(what);
  }
  if (dice.chance(0.6)) {
    const key = dice.pick(Object.keys(progress) as (keyof typeof progress)[]);
    const value = dice.pick([0, 1, 2, 3, 7, 256, 1e6, 1e12, 0.5, -1]);
    if (key === "sums") progress.sums = { accuracy: value };
    else progress[key] = value;
    done.push(`progress.${key} := ${value}`);
  }
  if (dice.chance(0.3)) {
    options.optimizer.name = dice.pick(["sgd", "rmsprop", "adam", "adamw"]);
    options.optimizer.momentum = dice.pick([0, 0.9]);
    done.push(`optimizer := ${options.optimizer.name}`);
  }
  if (dice.chance(0.3)) {
    options.learningRate = dice.pick([1e-30, 1, 1e10, 1e300]);
    options.clip = dice.pick([null, 1, 1e300]);
    done.push(`learning rate := ${options.learningRate}, clip := ${options.clip}`);
  }
  const { model } = checkpoint;
  const shapes = shapesOf(model);
  const [like] = Object.values(model.weights);
  const numbers = numbersBy(dice);
  const slots = Object.entries(shapes).flatMap(([weight, [rows, columns]]) =>
    weight === "embedding" && model.config.frozen
      ? []
      : slotNames(options.optimizer).map((slot) =>
        [`${slot}.${weight}`, numbers(rows * columns, like)] as const
      )
  );
  checkpoint.slots = Object.fromEntries(slots);
  checkpoint.best = dice.chance(0.5)
    ? mapWeights(shapes, ([rows, columns]) => numbers(rows * columns, like))
    : undefined;
  checkpoint.carriedState = dice.chance(0.5) ? carriedBy(model, dice, like, numbers) : undefined;
  return [checkpoint, done.join(", ") || "other numbers"];
}

function carriedBy(model: Model, dice: Dice, like: FloatArray, numbers: Numbers) {
  const carried: Weights<FloatArray> = {};
  const streams = dice.pick([0, 1, 2, 3, 64]);
  const { layers, hidden, cell } = model.config;
  for (let layer = 0; layer < layers; layer++) {
    carried[`h_l${layer}`] = numbers(streams * hidden, like);
    if (cellOf(cell).hasCellState) carried[`c_l${layer}`] = numbers(streams * hidden, like);
  }
  return carried;
}
