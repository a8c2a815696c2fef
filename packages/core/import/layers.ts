/**
 * Detection of recurrent layers among the tensors of a PyTorch module, by the suffixes of their
 * names and by their shapes, with any prefix.
 *
 * @module
 */
import { CELL_NAMES, type CellName, cellOf } from "../network/cells/cells.ts";
import type { Fail } from "../task.ts";

/** The shapes of tensors by name. */
export type Shapes = ReadonlyMap<string, readonly number[]>;

/** Stacked recurrent layers that were found. */
export interface FoundLayers {
  /** The prefix of their tensors' names; if each layer is a separate module, that of the first. */
  prefix: string;
  /** The cell. */
  cell: CellName;
  /** The hidden size. */
  hidden: number;
  /** The number of layers. */
  layers: number;
  /** Whether the layers are bidirectional. */
  bidirectional: boolean;
  /** The input size of the first layer. */
  inputs: number;
  /** The names of their tensors, by their names in Unroll's files. */
  names: Map<string, string>;
}

const KERNEL = /^(.*?)weight_ih(?:_l(\d+))?(_reverse)?$/s;
const MEMBER =
  /^(?:(weight_ih|weight_hh|weight_hr|bias_ih|bias_hh)(?:_l(\d+))?(_reverse)?|(layernorm_\w+?)_l(\d+)(_reverse)?\.(weight|bias))$/;

/** A module of recurrent layers, such as `torch.nn.LSTM`. */
interface Module {
  prefix: string;
  /** The names of tensors by layer and direction, `0` or `0_reverse`, and by kind, `weight_ih`. */
  cells: Map<string, Map<string, string>>;
}

/** Compares names with their numbers by value: `rnn.2` comes before `rnn.10`. */
function inOrder(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

/** Returns the modules of recurrent layers among tensors, sorted by name. */
export function recurrentModules(shapes: Shapes): Module[] {
  const prefixes = new Set<string>();
  for (const name of shapes.keys()) {
    const [, prefix] = KERNEL.exec(name) ?? [];
    if (prefix !== undefined) prefixes.add(prefix);
  }
  return [...prefixes].sort(inOrder).map((prefix) => {
    const cells: Module["cells"] = new Map();
    for (const name of shapes.keys()) {
      if (!name.startsWith(prefix)) continue;
      const found = MEMBER.exec(name.slice(prefix.length));
      if (!found) continue;
      const [, kind, layer = "0", reverse = "", norm, ofNorm, back = "", part] = found;
      const end = kind ? layer + reverse : ofNorm + back;
      if (!cells.has(end)) cells.set(end, new Map());
      cells.get(end)!.set(kind ?? `${norm}.${part}`, name);
    }
    return { prefix, cells };
  });
}

const sized = (shape: readonly number[] = []) => `[${shape}]`;

/** Returns the cells whose weights have the shapes of `own`, with their hidden sizes. */
function cellsOf(own: ReadonlyMap<string, string>, shapes: Shapes) {
  const kernel = shapes.get(own.get("weight_ih")!)!, recurrent = shapes.get(own.get("weight_hh")!);
  const hasNorms = [...own.keys()].some((kind) => kind.startsWith("layernorm_"));
  return CELL_NAMES.map((name) => {
    const { gates, recurrentShapes, norms } = cellOf(name);
    const hidden = recurrent?.[1] ?? kernel[0] / gates.length;
    const isFit = (norms !== undefined) === hasNorms &&
      (recurrentShapes(1).Whh !== undefined) === (recurrent !== undefined) &&
      gates.length * hidden === kernel[0] && Number.isInteger(hidden) &&
      (recurrent === undefined || recurrent[0] === kernel[0]);
    return { name, hidden, isFit };
  }).filter(({ isFit }) => isFit);
}

/**
 * Returns the layers of modules that are stacked in the given order, or fails.
 *
 * @param asked The cell and the hidden size that the user chose, if any.
 */
export function stackedLayers(
  modules: readonly Module[],
  shapes: Shapes,
  asked: { cell?: CellName; hidden?: number },
  fail: Fail,
): FoundLayers {
  const [{ prefix, cells: firstCells }] = modules;
  const first = firstCells.get("0") ??
    fail(`has the layers ${prefix}*, but not the first one, ${prefix}weight_ih_l0`);
  for (const [kind, name] of first) {
    const { length } = shapes.get(name)!;
    if (kind === "weight_hr") {
      fail(`has ${name}, a projection of states (proj_size), which Unroll's cells do not have`);
    }
    if (length !== (/^weight/.test(kind) ? 2 : 1)) {
      fail(`has ${name} of shape ${sized(shapes.get(name))}, which no recurrent layer has`);
    }
  }
  const kernel = first.get("weight_ih") ?? fail(`has no ${prefix}weight_ih_l0`);
  const recurrent = first.get("weight_hh");
  const about = [kernel, recurrent].filter((name) => name !== undefined)
    .map((name) => `${name} ${sized(shapes.get(name))}`).join(" and ");
  const [found] = cellsOf(first, shapes);
  if (!found) {
    fail(`has ${about}, which fits none of the cells ${CELL_NAMES.join(", ")}`);
  }
  const { name: cell, hidden } = found;
  if (asked.cell !== undefined && asked.cell !== cell || (asked.hidden ?? hidden) !== hidden) {
    const { cell: other = cell, hidden: size = hidden } = asked;
    fail(
      `has ${about}, which is a ${cell} of ${hidden}; a ${other} of ${size} would have ` +
        `${kernel} ${sized([cellOf(other).gates.length * size, shapes.get(kernel)![1]])}`,
    );
  }
  const bidirectional = firstCells.has("0_reverse");
  const names = new Map<string, string>();
  let layers = 0;
  for (const { prefix, cells } of modules) {
    const own = new Set([...cells.keys()].map((end) => parseInt(end))).size;
    for (let layer = 0; layer < own; layer++, layers++) {
      for (const reverse of bidirectional ? ["", "_reverse"] : [""]) {
        const tensors = cells.get(`${layer}${reverse}`) ??
          fail(`has no ${prefix}weight_ih_l${layer}${reverse}, which its other layers require`);
        const read = shapes.get(tensors.get("weight_ih") ?? "");
        const width = hidden * (bidirectional ? 2 : 1);
        if (layers > 0 && read?.[1] !== width) {
          fail(
            `has ${tensors.get("weight_ih") ?? `no ${prefix}weight_ih_l${layer}${reverse}`} ` +
              `${sized(read)}, but as layer ${layers + 1} on top of ${
                modules[0].prefix
              }* it should be ` +
              sized([cellOf(cell).gates.length * hidden, width]),
          );
        }
        for (const [kind, name] of tensors) {
          const [what, part] = kind.split(".");
          const end = `_l${layers}${reverse}${part ? `.${part}` : ""}`;
          names.set(`rnn.${what}${end}`, name);
        }
      }
    }
    if (!bidirectional && [...cells.keys()].some((end) => end.endsWith("_reverse"))) {
      fail(`is bidirectional only in ${prefix}*; all layers must read in the same directions`);
    }
  }
  return { prefix, cell, hidden, layers, bidirectional, inputs: shapes.get(kernel)![1], names };
}

/** Describes layers in words, such as `2 layers of a bidirectional lstm of 64`. */
export function layersInWords({ cell, hidden, layers, bidirectional }: FoundLayers): string {
  const one = `${bidirectional ? "bidirectional " : ""}${cell} of ${hidden}`;
  return layers === 1 ? `a ${one}` : `${layers} layers of a ${one}`;
}
