/**
 * What stands around the recurrent layers of a PyTorch module: embeddings, linear layers, a CRF. Each
 * is found by its shape, and where several have that, by its name.
 *
 * @module
 */
import type { Fail } from "../task.ts";
import type { Shapes } from "./layers.ts";

/** What a tensor is looked for as. */
export interface Role {
  /** Its name in Unroll's files. */
  name: string;
  /** What it is, for messages. */
  what: string;
  /** The shapes that it may have. */
  fits: readonly (readonly number[])[];
  /** Whether it is, as a rule, of a linear layer with a bias. */
  hasBias: boolean;
  /** What its name is likely to have in it. */
  hint: RegExp;
  /** What stands before the names of the layers that it belongs to. */
  beside: string;
}

/** Tensors of which each is given away once. */
export interface Pool {
  /** The shapes of those that are left. */
  readonly left: Map<string, readonly number[]>;
  /** The names that were settled by hand, by those in Unroll's files. */
  readonly settled: ReadonlyMap<string, string>;
  /** Ends with a message. */
  readonly fail: Fail;
}

/** Tensors with their shapes, for a message. */
export function listed(tensors: Shapes, most = 6): string {
  const all = [...tensors].map(([name, shape]) => `${name} [${shape}]`);
  return all.slice(0, most).join(", ") + (all.length > most ? ", …" : "");
}

/** The name of the bias of a weight, as `torch.nn.Linear` has it; undefined where there is none. */
export function biasOf(weight: string, shapes: Shapes): string | undefined {
  if (!weight.endsWith("weight")) return undefined;
  const bias = `${weight.slice(0, -"weight".length)}bias`;
  const shape = shapes.get(bias);
  return shape?.length === 1 && shape[0] === shapes.get(weight)?.[0] ? bias : undefined;
}

/** How many of the first parts of two names are the same. */
function shared(a: string, b: string): number {
  const parts = a.split("."), others = b.split(".");
  const differ = parts.findIndex((part, i) => part !== others[i]);
  return differ < 0 ? parts.length : differ;
}

/** Those of some names for which a measure is largest. */
function best(names: readonly string[], measure: (name: string) => number): string[] {
  const most = names.reduce((top, name) => Math.max(top, measure(name)), -Infinity);
  return names.filter((name) => measure(name) === most);
}

/** The matrices that are left. */
export function matrices({ left }: Pool): string[] {
  return [...left.keys()].filter((name) => left.get(name)!.length === 2);
}

/**
 * Takes the tensor of a role out of those that are left.
 *
 * @returns Its name; undefined where none has such a shape.
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
      fail(`has ${own} [${shape}], and ${role.name} should be ${fitting(role)}: ${role.what}`);
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
      `has ${listed(some)}, and either may be ${role.name}, ${role.what}; ` +
        `give --tensor ${role.name}=${found[0]}`,
    );
  }
  if (found.length === 1) left.delete(found[0]);
  return found[0];
}

/** The shapes that a role may have, for a message. */
export function fitting({ fits }: Role): string {
  return fits.map((shape) => `[${shape}]`).join(" or ");
}

/** Takes a weight's bias too, if it has one. */
export function takeBias(pool: Pool, weight: string, shapes: Shapes): string | undefined {
  const bias = biasOf(weight, shapes);
  if (bias !== undefined) pool.left.delete(bias);
  return bias;
}

const CRF = /^(.*?)(start_transitions|end_transitions|transitions)$/s;

/** Takes the three tensors of a CRF, as pytorch-crf names them; none where they are not there. */
export function takeCrf({ left, fail }: Pool): Map<string, string> | undefined {
  const found = new Map<string, string>();
  for (const name of left.keys()) {
    const [, , part] = CRF.exec(name) ?? [];
    if (part === undefined) continue;
    if (found.has(`crf.${part}`)) {
      fail(`has ${found.get(`crf.${part}`)} and ${name}; one CRF is known`);
    }
    found.set(`crf.${part}`, name);
  }
  if (found.size === 0) return undefined;
  if (found.size < 3) {
    fail(
      `has ${
        [...found.values()].join(" and ")
      }, and a CRF has start_transitions, end_transitions ` +
        "and transitions, as in pytorch-crf",
    );
  }
  for (const name of found.values()) left.delete(name);
  return found;
}
