/**
 * Detection of the tensors around the recurrent layers of a PyTorch module: embeddings, linear
 * layers and a CRF. Each is found by its shape or, if several have that shape, by its name.
 *
 * @module
 */
import type { Fail } from "../task.ts";
import type { Shapes } from "./layers.ts";

/** The role of a tensor in a network, by which it is found. */
export interface Role {
  /** The name of the tensor in Unroll's files. */
  name: string;
  /** A description for messages. */
  what: string;
  /** The possible shapes. */
  fits: readonly (readonly number[])[];
  /** Whether the tensor usually belongs to a linear layer with a bias. */
  hasBias: boolean;
  /** A pattern that its name is likely to match. */
  hint: RegExp;
  /** The prefix of the names of the layers that it belongs to. */
  beside: string;
}

/** The tensors of a file, each of which is assigned to at most one role. */
export interface Pool {
  /** The shapes of the unassigned tensors, by name. */
  readonly left: Map<string, readonly number[]>;
  /** The names of tensors that the user assigned, by their names in Unroll's files. */
  readonly settled: ReadonlyMap<string, string>;
  /** Throws an `InputError` with a message. */
  readonly fail: Fail;
}

/** Lists tensors with their shapes for a message, `most` of them at the most. */
export function listed(tensors: Shapes, most = 6): string {
  const all = [...tensors].map(([name, shape]) => `${name} [${shape}]`);
  return all.slice(0, most).join(", ") + (all.length > most ? ", …" : "");
}

/** Returns the name of a weight's bias, as in `torch.nn.Linear`, or undefined if it has none. */
export function biasOf(weight: string, shapes: Shapes): string | undefined {
  if (!weight.endsWith("weight")) return undefined;
  const bias = `${weight.slice(0, -"weight".length)}bias`;
  const shape = shapes.get(bias);
  return shape?.length === 1 && shape[0] === shapes.get(weight)?.[0] ? bias : undefined;
}

/** Returns the number of leading dot-separated parts that two names share. */
function shared(a: string, b: string): number {
  const parts = a.split("."), others = b.split(".");
  const differ = parts.findIndex((part, i) => part !== others[i]);
  return differ < 0 ? parts.length : differ;
}

/** Returns the names for which a measure is largest. */
function best(names: readonly string[], measure: (name: string) => number): string[] {
  const most = names.reduce((top, name) => Math.max(top, measure(name)), -Infinity);
  return names.filter((name) => measure(name) === most);
}

/** Returns the names of the unassigned matrices. */
export function matrices({ left }: Pool): string[] {
  return [...left.keys()].filter((name) => left.get(name)!.length === 2);
}

/**
 * Finds the tensor of a role and removes it from the unassigned ones. Fails if the shapes and names
 * are ambiguous.
 *
 * @returns The name of the tensor, or undefined if none has a possible shape.
 */
export function take(pool: Pool, role: Role): string | undefined {
  const { left, settled, fail } = pool;
  const isFit = (name: string) =>
    role.fits.some((shape) => String(shape) === String(left.get(name)));
  const own = settled.get(role.name);
  if (own !== undefined) {
    const shape = left.get(own);
    if (!shape) fail(`has no tensor ${own} for ${role.name}; it has ${listed(left)}`);
    if (!isFit(own)) {
      fail(`has ${own} [${shape}], but ${role.name} should be ${fitting(role)}: ${role.what}`);
    }
    left.delete(own);
    return own;
  }
  const reserved = new Set(settled.values());
  let found = matrices(pool).filter((name) => isFit(name) && !reserved.has(name));
  const ofKind = (name: string) => Number((biasOf(name, left) !== undefined) === role.hasBias);
  const isNamed = (name: string) => Number(role.hint.test(name));
  for (const measure of [ofKind, (name: string) => shared(name, role.beside), isNamed]) {
    if (found.length > 1) found = best(found, measure);
  }
  if (found.length > 1) {
    const some = new Map(found.map((name) => [name, left.get(name)!]));
    fail(
      `has ${listed(some)}, and each could be ${role.name}, ${role.what}; ` +
        `give --tensor ${role.name}=${found[0]}`,
    );
  }
  if (found.length === 1) left.delete(found[0]);
  return found[0];
}

/** Lists the possible shapes of a role for a message. */
export function fitting({ fits }: Role): string {
  return fits.map((shape) => `[${shape}]`).join(" or ");
}

/** Removes a weight's bias from the unassigned tensors, and returns its name if it has one. */
export function takeBias(pool: Pool, weight: string, shapes: Shapes): string | undefined {
  const bias = biasOf(weight, shapes);
  if (bias !== undefined) pool.left.delete(bias);
  return bias;
}

const CRF = /^(.*?)(start_transitions|end_transitions|transitions)$/s;

/** Finds and removes the three tensors of a CRF, named as in pytorch-crf, if there are any. */
export function takeCrf({ left, fail }: Pool): Map<string, string> | undefined {
  const found = new Map<string, string>();
  for (const name of left.keys()) {
    const [, , part] = CRF.exec(name) ?? [];
    if (part === undefined) continue;
    if (found.has(`crf.${part}`)) {
      fail(`has ${found.get(`crf.${part}`)} and ${name}; a model has one CRF`);
    }
    found.set(`crf.${part}`, name);
  }
  if (found.size === 0) return undefined;
  if (found.size < 3) {
    fail(
      `has ${
        [...found.values()].join(" and ")
      }, but a CRF has start_transitions, end_transitions ` +
        "and transitions, as in pytorch-crf",
    );
  }
  for (const name of found.values()) left.delete(name);
  return found;
}
