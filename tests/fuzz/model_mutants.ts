/** Damaged model files and checkpoints. */
import { writeCheckpoint, writeModel } from "@unroll/core";
import { mutateBytes } from "./byte_mutants.ts";
import { mendChecksum, type Parts, putTogether, takeApart } from "./container.ts";
import type { Dice } from "./dice.ts";
import { child, HOSTILE_TEXTS, mutateTree, raw, writeTree } from "./json_tree.ts";
import type { ModelSeed } from "./model_corpus.ts";
import { typed } from "./oracle.ts";
import { rebuildCheckpoint, rebuildModel } from "./rebuilt.ts";

/** A damaged file. */
export interface ModelMutant {
  seed: ModelSeed;
  bytes: Uint8Array<ArrayBuffer>;
  /** A description of the damage. */
  what: string;
}

/** Creates a damaged file from random choices. */
export function modelMutant(seeds: readonly ModelSeed[], dice: Dice): ModelMutant {
  const seed = dice.pick(seeds);
  const file = dice.pick(["model", "checkpoint"] as const);
  const [bytes, what] = mutate(seed, file, dice);
  const isMended = dice.chance(0.9);
  if (isMended) mendChecksum(bytes);
  return { seed, bytes, what: `${file} of the ${seed.name}: ${what}${isMended ? "" : ", crc"}` };
}

function mutate(
  seed: ModelSeed,
  file: "model" | "checkpoint",
  dice: Dice,
): [bytes: Uint8Array<ArrayBuffer>, what: string] {
  const way = dice.below(20);
  if (way < 3) return mutateBytes(new Uint8Array(seed.files[file]), dice);
  if (way < 4) return mutateLength(new Uint8Array(seed.files[file]), dice);
  if (way < 7) {
    const [made, what] = file === "model"
      ? rebuildModel(seed.model, dice)
      : rebuildCheckpoint(seed.checkpoint, dice);
    try {
      return ["weights" in made ? writeModel(made) : writeCheckpoint(made), `made with ${what}`];
    } catch (error) { // a writer may refuse what no reader would accept
      return [new Uint8Array(seed.files[file]), `not written as ${typed(error)}: ${what}`];
    }
  }
  const parts = takeApart(seed.files[file]);
  const done = Array.from({ length: dice.few(4) }, () => mutateParts(parts, dice, way));
  return [putTogether(parts), done.join("; ")];
}

function mutateParts(parts: Parts, dice: Dice, way: number): string {
  if (way < 14) {
    const metadata = child(parts.header, "__metadata__");
    const key = dice.chance(0.4) ? "training" : "config";
    const part = metadata && child(metadata, key);
    if (part && dice.chance(0.6)) return mutateTree(part, dice, key);
    return mutateTree(metadata ?? parts.header, dice, "__metadata__");
  }
  if (way < 17) return mutateEntry(parts, dice);
  if (way < 18) return mutateNumbers(parts, dice);
  if (way < 19 && dice.chance(0.02)) return bloat(parts, dice);
  return mutateTree(parts.header, dice);
}

function mutateLength(bytes: Uint8Array<ArrayBuffer>, dice: Dice): ReturnType<typeof mutate> {
  const view = new DataView(bytes.buffer);
  const length = view.getBigUint64(0, true);
  const next = dice.pick([
    ...[0n, 1n, 2n, length - 1n, length + 1n, length * 2n, BigInt(bytes.length)],
    ...[BigInt(bytes.length - 8), 100_000_000n, 100_000_001n, 2n ** 31n, 2n ** 53n, 2n ** 64n - 1n],
  ]);
  view.setBigUint64(0, next, true);
  return [bytes, `header length ${next}`];
}

interface Entry {
  dtype: unknown;
  shape: number[];
  data_offsets: number[];
}

const DTYPES = ["F32", "F64", "F16", "BF16", "I64", "I32", "U8", "BOOL", "F8_E4M3", "f32", "", 4];

/** Changes a tensor's entry so that it is still an entry. */
function mutateEntry({ header, data }: Parts, dice: Dice): string {
  if (header.type !== "object") return "";
  const tensors = header.entries.filter(([key, value]) =>
    key !== "__metadata__" &&
    /^\{.*"shape":\[[\d,]*\].*"data_offsets":\[\d+,\d+\]/.test(writeTree(value))
  );
  if (tensors.length === 0) return "no tensor left";
  const picked = dice.pick(tensors), other = dice.pick(tensors);
  const [name, value] = picked;
  const entry: Entry = JSON.parse(writeTree(value));
  const { shape, data_offsets: offsets } = entry;
  const write = (what: string) => {
    picked[1] = { type: "object", entries: Object.entries(entry).map(([k, v]) => [k, raw(v)]) };
    return `${name}: ${what}`;
  };
  switch (dice.below(9)) {
    case 0:
      entry.dtype = dice.pick(DTYPES);
      return write(`dtype ${entry.dtype}`);
    case 1: {
      entry.dtype = dice.pick(DTYPES);
      const size = { F64: 8, F16: 2, BF16: 2, I64: 8, U8: 1 }[String(entry.dtype)] ?? 4;
      offsets[1] = offsets[0] + shape.reduce((product, n) => product * n, size);
      return write(`dtype ${entry.dtype} to ${offsets[1]}`);
    }
    case 2: {
      const shift = dice.pick([-8, -4, -1, 1, 4, 8, 2 ** 31, 2 ** 32]);
      entry.data_offsets = offsets.map((offset) => offset + shift);
      return write(`offsets ${entry.data_offsets}`);
    }
    case 3:
      entry.data_offsets = dice.pick([
        [...offsets].reverse(),
        [0, data.length],
        [offsets[0], offsets[1] + 4],
        [...offsets, 0],
      ]);
      return write(`offsets ${entry.data_offsets}`);
    case 4:
      entry.shape = dice.pick([
        [...shape].reverse(),
        [1, ...shape],
        [...shape, 1],
        [shape.reduce((product, n) => product * n, 1)],
        [...shape, 0],
        [0, 2 ** 53 - 1],
        [2 ** 27, 2 ** 27, 0],
        Array(1000).fill(1).concat(shape),
      ]);
      return write(`shape ${entry.shape.slice(0, 5)}`);
    case 5:
      [picked[1], other[1]] = [other[1], picked[1]];
      return `${name} and ${other[0]} swapped`;
    case 6:
      picked[0] = dice.pick(["best.", "optimizer.m.", "optimizer.v.", "carried.", "x."]) + name;
      return `${name} renamed ${picked[0]}`;
    case 7:
      picked[0] = dice.pick([other[0], ...HOSTILE_TEXTS]);
      return `${name} renamed ${JSON.stringify(picked[0].slice(0, 30))}`;
    default: {
      const name = dice.pick([
        "carried.h_l0",
        "carried.c_l0",
        "best.head.bias",
        "embedding.weight",
      ]);
      const empty = {
        dtype: "F32",
        shape: [0, shape[0]],
        data_offsets: [data.length, data.length],
      };
      header.entries.push([name, raw(empty)]);
      return `an empty ${name}`;
    }
  }
}

const HOSTILE_NUMBERS = [NaN, Infinity, -Infinity, 3e38, -3e38, 1e30, 1e-45, -0, 1e308, 1e20];

function mutateNumbers({ data }: Parts, dice: Dice): string {
  if (data.length < 8) return "no numbers left";
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const isWide = dice.chance(0.5);
  const value = dice.pick(HOSTILE_NUMBERS);
  const count = dice.pick([1, 1, 2, 10, 1000]);
  for (let i = 0; i < count; i++) {
    const at = 8 * dice.below(data.length >> 3);
    if (isWide) view.setFloat64(at, value, true);
    else view.setFloat32(at, value, true);
  }
  return `${count} numbers of ${value}`;
}

const BLOAT = 4_000_000;

/** Returns a header of many megabytes with almost no content. */
function bloat({ header }: Parts, dice: Dice): string {
  const piece = dice.pick(["[]", "{}", "0", '""', "[[]]", "1e1"]);
  const text = `[${`${piece},`.repeat(BLOAT)}0]`;
  if (header.type === "object") header.entries.push(["bloat", { type: "raw", text }]);
  return `${BLOAT} of ${piece}`;
}
