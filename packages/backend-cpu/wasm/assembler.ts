/**
 * A small assembler for WebAssembly: encodes functions on one imported memory as bytes.
 *
 * Instructions are lists of bytes, composed by plain functions; operands are arguments, as in an
 * expression, and are emitted before their operator.
 *
 * @see https://webassembly.github.io/spec/core/binary/index.html
 * @module
 */

/** Instructions, as bytes. */
export type Code = number[];

/** Encodes an unsigned integer in LEB128. */
export function unsigned(value: number): Code {
  const bytes: Code = [];
  do {
    const rest = Math.floor(value / 128);
    bytes.push(value % 128 + (rest > 0 ? 128 : 0));
    value = rest;
  } while (value > 0);
  return bytes;
}

/** Encodes a signed 32-bit integer in LEB128. */
export function signed(value: number): Code {
  const bytes: Code = [];
  for (;;) {
    const byte = value & 127;
    value >>= 7;
    const isLast = (value === 0 && byte < 64) || (value === -1 && byte >= 64);
    bytes.push(isLast ? byte : byte + 128);
    if (isLast) return bytes;
  }
}

const TYPES = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

/** The types of locals: a 32-bit integer, a float, and a vector of four floats. */
export type Type = keyof typeof TYPES;

/** A function to export; it returns nothing. */
export interface WasmFunction {
  /** Its name. */
  name: string;
  /** The types of its parameters. */
  parameters: readonly Type[];
  /** The types of its other locals, which follow the parameters. */
  locals: readonly Type[];
  /** Its instructions. */
  body: Code;
}

/** What a function can use in addition to its parameters. */
export interface Has {
  /** Adds a local and returns its index. */
  local(type: Type): number;
  /** A vector of four copies of a constant, set once before the function's body. */
  constant(value: number): Code;
}

/**
 * Creates a function to export.
 *
 * @param body Returns its instructions, given the indices of its parameters.
 */
export function wasmFunction(
  name: string,
  parameters: readonly Type[],
  body: (parameters: number[], has: Has) => Code,
): WasmFunction {
  const locals: Type[] = [];
  const local = (type: Type) => parameters.length + locals.push(type) - 1;
  const constants = new Map<number, number>();
  const constant = (value: number) => {
    if (!constants.has(value)) constants.set(value, local("v128"));
    return get(constants.get(value)!);
  };
  const code = body(parameters.map((_, i) => i), { local, constant });
  const before = [...constants].flatMap(([value, at]) => set(at, const4(value)));
  return { name, parameters, locals, body: [...before, ...code] };
}

/** Calls a function whose parameters are consecutive in memory, 4 bytes each. */
function callFrom(index: number, { name, parameters }: WasmFunction): WasmFunction {
  return wasmFunction(`${name}_from`, ["i32"], ([at]) => [
    ...parameters.flatMap((type, i) => [
      ...get(at),
      type === "f32" ? 0x2a : 0x28, // f32.load or i32.load
      2,
      ...unsigned(4 * i),
    ]),
    0x10, // call
    ...unsigned(index),
  ]);
}

/**
 * Assembles a module of functions on an imported memory `env.memory`, which is shared or private.
 * Each function is exported twice: directly, and as `name_from(address)`, which reads its
 * parameters from memory.
 */
export function assemble(
  own: readonly WasmFunction[],
  memory: { shared: boolean; maximum: number },
): Uint8Array<ArrayBuffer> {
  const functions = [...own, ...own.map((each, i) => callFrom(i, each))];
  const name = (text: string) => joined([unsigned(text.length), new TextEncoder().encode(text)]);
  const vector = (items: readonly Bytes[]) => joined([unsigned(items.length), ...items]);
  const section = (id: number, items: readonly Bytes[]) => {
    const content = vector(items);
    return joined([[id], unsigned(content.length), content]);
  };
  const limits = memory.shared ? [3, 0, ...unsigned(memory.maximum)] : [0, 0];
  const types = functions.map(({ parameters }) =>
    joined([[0x60], vector(parameters.map((type) => [TYPES[type]])), [0]])
  );
  const bodies = functions.map(({ locals, body }) => {
    const code = joined([vector(locals.map((type) => [1, TYPES[type]])), body, [0x0b]]);
    return joined([unsigned(code.length), code]);
  });
  return joined([
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
    section(1, types),
    section(2, [joined([name("env"), name("memory"), [2], limits])]),
    section(3, functions.map((_, i) => unsigned(i))),
    section(7, functions.map(({ name: own }, i) => joined([name(own), [0], unsigned(i)]))),
    section(10, bodies),
  ]);
}

type Bytes = ArrayLike<number>;

function joined(parts: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Returns the value of a local. */
export const get = (local: number): Code => [0x20, ...unsigned(local)];
/** Sets a local. */
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
/** An integer constant. */
export const i32 = (value: number): Code => [0x41, ...signed(value)];
/** a + b, for integers. */
export const add = (a: Code, b: Code): Code => [...a, ...b, 0x6a];
/** a - b, for integers. */
export const subtract = (a: Code, b: Code): Code => [...a, ...b, 0x6b];
/** Adds to an integer local. */
export const advance = (local: number, by: Code): Code => set(local, add(get(local), by));

/** a · b, for integers. */
export const multiply = (a: Code, b: Code): Code => [...a, ...b, 0x6c];

/** Repeats the body while a >= b, as signed integers. */
export function whileAtLeast(a: Code, b: Code, body: Code): Code {
  // block { br_if 0 (a < b); loop { body; br_if 0 (a >= b) } }
  return [
    0x02,
    0x40,
    ...a,
    ...b,
    0x48,
    0x0d,
    0,
    0x03,
    0x40,
    ...body,
    ...a,
    ...b,
    0x4e,
    0x0d,
    0,
    0x0b,
    0x0b,
  ];
}

/** Runs one body if a condition is not 0, otherwise the other. */
export function ifElse(condition: Code, then: Code, otherwise: Code): Code {
  return [...condition, 0x04, 0x40, ...then, 0x05, ...otherwise, 0x0b];
}

const simd = (operator: number): Code => [0xfd, ...unsigned(operator)];
// Every address is a multiple of 4 = 2², so the alignment hint is 2.
const access = (operator: number) => (address: Code, offset = 0): Code => [
  ...address,
  ...simd(operator),
  2,
  ...unsigned(offset),
];

/** Loads a 32-bit integer. */
export const load32 = (address: Code): Code => [...address, 0x28, 2, 0];
/** Loads four floats. */
export const load4: (address: Code, offset?: number) => Code = access(0x00);
/** Loads one float into all four lanes. */
export const loadSplat: (address: Code, offset?: number) => Code = access(0x09);
/** Stores four floats. */
export const store4 = (address: Code, value: Code, offset = 0): Code => [
  ...address,
  ...value,
  ...simd(0x0b),
  2,
  ...unsigned(offset),
];
/** Copies one float from one address to another. */
export const copy1 = (to: Code, from: Code): Code => [...to, ...from, 0x2a, 2, 0, 0x38, 2, 0];
/** Stores the first of four lanes. */
export const storeFirst = (address: Code, value: Code): Code => [
  ...address,
  ...value,
  ...simd(0x1f), // f32x4.extract_lane
  0,
  0x38, // f32.store
  2,
  0,
];
/** Loads a float into one of four lanes. */
export const loadLane = (address: Code, value: Code, lane: number): Code => [
  ...address,
  ...value,
  ...simd(0x56),
  2,
  0,
  lane,
];
/** Four zeros. */
export const zero4: Code = [...simd(0x0c), ...new Array(16).fill(0)];
/** a + b, lane by lane. */
export const add4 = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe4)];
/** a · b, lane by lane. */
export const multiply4 = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe6)];
/** Selects four of the eight lanes of a and b, by their indices. */
export const shuffle4 = (a: Code, b: Code, places: readonly number[]): Code => [
  ...a,
  ...b,
  ...simd(0x0d),
  ...places.flatMap((place) => [0, 1, 2, 3].map((byte) => 4 * place + byte)),
];
/** Copies a float into all four lanes. */
export const splat4 = (value: Code): Code => [...value, ...simd(0x13)];
/** A vector of four copies of a constant. */
export function const4(value: number): Code {
  const bytes = [...new Uint8Array(Float32Array.of(value).buffer)];
  return [...simd(0x0c), ...bytes, ...bytes, ...bytes, ...bytes];
}
const binary = (operator: number) => (a: Code, b: Code): Code => [...a, ...b, ...simd(operator)];
const unary = (operator: number) => (a: Code): Code => [...a, ...simd(operator)];
/** a - b, lane by lane. */
export const subtract4: (a: Code, b: Code) => Code = binary(0xe5);
/** a / b, lane by lane. */
export const divide4: (a: Code, b: Code) => Code = binary(0xe7);
/** The smaller of two, lane by lane; a if either is NaN. A single instruction, unlike f32x4.min. */
export const min4: (a: Code, b: Code) => Code = binary(0xea);
/** The larger of two, lane by lane; a if either is NaN. */
export const max4: (a: Code, b: Code) => Code = binary(0xeb);
/** All bits set where a = b, otherwise none, lane by lane. */
export const equal4: (a: Code, b: Code) => Code = binary(0x41);
/** All bits set where a < b, otherwise none, lane by lane. */
export const less4: (a: Code, b: Code) => Code = binary(0x43);
/** The bits of a that are not set in b. */
export const without4: (a: Code, b: Code) => Code = binary(0x4f);
/** The bits that are set in both a and b. */
export const and4: (a: Code, b: Code) => Code = binary(0x4e);
/** The bits that are set in a or b. */
export const or4: (a: Code, b: Code) => Code = binary(0x50);
/** √a, lane by lane. */
export const root4: (a: Code) => Code = unary(0xe3);
/** The nearest whole number, lane by lane. */
export const nearest4: (a: Code) => Code = unary(0x6a);
/** a + b for integers, lane by lane. */
export const addWhole4: (a: Code, b: Code) => Code = binary(0xae);
/** The bits of each lane, shifted left by a number of places. */
export const shift4 = (a: Code, places: number): Code => [...a, ...i32(places), ...simd(0xab)];

/** a · b + c, lane by lane: rounded once if `fused`, otherwise twice. */
export const multiplyAdd4 = (a: Code, b: Code, c: Code, fused: boolean): Code =>
  fused ? [...a, ...b, ...c, ...simd(0x105)] : add4(c, multiply4(a, b));
