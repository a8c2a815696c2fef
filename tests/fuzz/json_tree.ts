/** JSON as a tree that can be written in ways that no JSON library would. */
import type { Dice } from "./dice.ts";

/** A value: `raw` is written literally, `embedded` is a string that contains JSON. */
export type Node =
  | { type: "object"; entries: [key: string, value: Node][] }
  | { type: "array"; items: Node[] }
  | { type: "embedded"; inner: Node }
  | { type: "raw"; text: string };

/** Parses a tree; strings that contain an object or an array are parsed too. */
export function parseTree(value: unknown): Node {
  if (Array.isArray(value)) return { type: "array", items: value.map(parseTree) };
  if (typeof value === "object" && value !== null) {
    return {
      type: "object",
      entries: Object.entries(value).map(([key, each]) => [key, parseTree(each)]),
    };
  }
  if (typeof value === "string" && /^[{[]/.test(value)) {
    return { type: "embedded", inner: parseTree(JSON.parse(value)) };
  }
  return raw(value);
}

/** Returns a value that is written as JSON. */
export function raw(value: unknown): Node {
  return { type: "raw", text: JSON.stringify(value) };
}

/** Returns the text of a tree. */
export function writeTree(node: Node): string {
  switch (node.type) {
    case "raw":
      return node.text;
    case "embedded":
      return JSON.stringify(writeTree(node.inner));
    case "array":
      return `[${node.items.map(writeTree).join(",")}]`;
    case "object":
      return `{${node.entries.map(([k, v]) => `${JSON.stringify(k)}:${writeTree(v)}`).join(",")}}`;
  }
}

const LONG = 100_000;

/** Texts that have broken programs. */
export const HOSTILE_TEXTS: readonly string[] = [
  "",
  " ",
  "\u0000",
  "\u001b[31mred\u001b]0;title\u0007",
  "\u009b2J",
  "a\r\nb",
  "\u202egnp.exe",
  "\u2028",
  "\ufeff",
  "\ud800",
  "\udc00\ud800",
  "__proto__",
  "constructor",
  "toString",
  "length",
  "<unk>",
  "<start or end>",
  "<label >",
  "NaN",
  "Infinity",
  "-1",
  "1e999",
  "null",
  "../../etc/passwd",
  "e\u0301".repeat(50),
  "a" + "\u0301".repeat(500),
  "\u{1f468}\u200d\u{1f469}\u200d".repeat(30),
  "x".repeat(LONG),
];

const HOSTILE_VALUES: readonly string[] = [
  ..."-1 0 1 2 3 5 0.5 -0 1e-320 1e38 1e308 1e999 -1e999 255 65536 2147483648".split(" "),
  ..."4294967295 4294967296 9007199254740991 9007199254740993 1000000000".split(" "),
  ..."null true false [] {} [[]] [null] [0] [-1] [1,1,1,1] NaN Infinity undefined 01 0x10 .5"
    .split(" "),
  ...HOSTILE_TEXTS.map((text) => JSON.stringify(text)),
  '{"__proto__":{"hidden":3}}',
  '{"length":3}',
  '{"name":"adam","toString":1}',
  `${"[".repeat(LONG)}${"]".repeat(LONG)}`,
  `${'{"a":'.repeat(3000)}1${"}".repeat(3000)}`,
  `[${"0,".repeat(LONG)}0]`,
  `[${'"a",'.repeat(500)}"b"]`,
  "1".repeat(1000),
];

const STOP = 0.3; // probability that a mutation changes a branch, not something in it

interface Place {
  parent: Extract<Node, { type: "object" | "array" }>;
  at: number;
  path: string;
}

/** Returns a random position in a tree, found branch by branch; undefined if it is empty. */
function findPlace(root: Node, dice: Dice, name: string): Place | undefined {
  let node = root, path = name, place: Place | undefined;
  for (;;) {
    if (node.type === "embedded") node = node.inner;
    if (node.type !== "object" && node.type !== "array") return place;
    const { length } = node.type === "object" ? node.entries : node.items;
    if (length === 0 || (place && dice.chance(STOP))) return place;
    const at = dice.below(length);
    path += node.type === "object" ? `.${shorten(node.entries[at][0], 30)}` : `[${at}]`;
    place = { parent: node, at, path };
    node = node.type === "object" ? node.entries[at][1] : node.items[at];
  }
}

/** Returns the value of an object's key. */
export function child(node: Node, key: string): Node | undefined {
  if (node.type !== "object") return undefined;
  return node.entries.find(([name]) => name === key)?.[1];
}

/** Changes one position of a tree, and returns a description. */
export function mutateTree(root: Node, dice: Dice, name = ""): string {
  const place = findPlace(root, dice, name);
  if (!place) return "nothing to change";
  const { parent, at, path } = place;
  const value = parent.type === "object" ? parent.entries[at][1] : parent.items[at];
  const set = (node: Node) => {
    if (parent.type === "object") parent.entries[at] = [parent.entries[at][0], node];
    else parent.items[at] = node;
  };
  const insert = (node: Node, key: string) => {
    if (parent.type === "object") parent.entries.splice(dice.below(at + 2), 0, [key, node]);
    else parent.items.splice(dice.below(at + 2), 0, node);
  };
  const ownKey = parent.type === "object" ? parent.entries[at][0] : "";
  const hostile = (): Node => ({ type: "raw", text: dice.pick(HOSTILE_VALUES) });
  const siblings = parent.type === "object" ? parent.entries : parent.items;
  switch (dice.below(10)) {
    case 0: {
      siblings.splice(at, 1);
      return `${path} removed`;
    }
    case 1:
      insert(structuredClone(value), ownKey);
      return `${path} duplicated`;
    case 2: {
      const other = hostile();
      insert(other, ownKey);
      return `${path} duplicated as ${shorten(writeTree(other))}`;
    }
    case 3: {
      const key = dice.pick(HOSTILE_TEXTS);
      if (parent.type !== "object") break;
      parent.entries[at] = [key, value];
      return `${path} renamed ${shorten(JSON.stringify(key))}`;
    }
    case 4: {
      const other = dice.below(siblings.length);
      [siblings[at], siblings[other]] = [siblings[other], siblings[at]];
      return `${path} swapped with the one at ${other}`;
    }
    case 5: {
      const from = findPlace(root, dice, name);
      if (!from) break;
      const { parent: other, at: there } = from;
      set(structuredClone(
        other.type === "object" ? other.entries[there][1] : other.items[there],
      ));
      return `${path} := ${from.path}`;
    }
    case 6:
      set({ type: "array", items: [value] });
      return `${path} wrapped in an array`;
    case 7: {
      const number = value.type === "raw" ? Number(value.text) : NaN;
      if (Number.isNaN(number)) break;
      const next = dice.pick([
        ...[number + 1, number - 1, -number, number * 2, number / 2, number + 0.5],
        ...[number * 1e6, number + 2 ** 32, number / 1e6],
      ]);
      set(raw(next));
      return `${path} := ${next}`;
    }
    default:
      break;
  }
  const node = hostile();
  set(node);
  return `${path} := ${shorten(writeTree(node))}`;
}

/** Formats a text for a report, in one line. */
export function shorten(text: string, length = 60): string {
  const printable = text.replace(
    /[^ -~]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return printable.length > length ? `${printable.slice(0, length)}...` : printable;
}
