// Compared with the encodings of https://webassembly.github.io/spec/core/binary/, written out by
// hand.
import { assertEquals } from "@std/assert";
import * as wasm from "#cpu/wasm/assembler.ts";

const hex = (code: ArrayLike<number>) =>
  Array.from(code, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

/** Runs a kernel on a memory that starts with some numbers; returns the memory. */
function run(
  fn: wasm.WasmFunction,
  parameters: number[],
  before: number[] = [],
  shared = false,
): Float32Array {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared });
  const numbers = new Float32Array(memory.buffer);
  numbers.set(before);
  const bytes = wasm.assemble([fn], { shared, maximum: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  (exports[fn.name] as (...parameters: number[]) => void)(...parameters);
  return numbers;
}

/** Returns a kernel that stores four numbers at address 64. */
const storing = (value: wasm.Code) =>
  wasm.wasmFunction("store", [], () => wasm.store4(wasm.i32(64), value));
const four = (...numbers: number[]) => {
  const bits = new Uint8Array(Float32Array.from(numbers).buffer);
  return [0xfd, 0x0c, ...bits];
};

Deno.test("unsigned() and signed() encode LEB128", () => {
  assertEquals(hex(wasm.unsigned(0)), "00");
  assertEquals(hex(wasm.unsigned(127)), "7f");
  assertEquals(hex(wasm.unsigned(128)), "80 01");
  assertEquals(hex(wasm.unsigned(624485)), "e5 8e 26");
  assertEquals(hex(wasm.unsigned(2 ** 32 - 1)), "ff ff ff ff 0f");
  assertEquals(hex(wasm.signed(0)), "00");
  assertEquals(hex(wasm.signed(63)), "3f");
  assertEquals(hex(wasm.signed(64)), "c0 00");
  assertEquals(hex(wasm.signed(-1)), "7f");
  assertEquals(hex(wasm.signed(-64)), "40");
  assertEquals(hex(wasm.signed(-65)), "bf 7f");
  assertEquals(hex(wasm.signed(-123456)), "c0 bb 78");
});

const X: wasm.Code = [0x20, 0], Y: wasm.Code = [0x20, 1], Z: wasm.Code = [0x20, 2];
const ENCODINGS: [name: string, code: wasm.Code, expected: string][] = [
  ["get()", wasm.get(200), "20 c8 01"],
  ["set()", wasm.set(3, X), "20 00 21 03"],
  ["i32()", wasm.i32(-5), "41 7b"],
  ["add()", wasm.add(X, Y), "20 00 20 01 6a"],
  ["multiply()", wasm.multiply(X, Y), "20 00 20 01 6c"],
  ["advance()", wasm.advance(0, Y), "20 00 20 01 6a 21 00"],
  [
    "whileAtLeast()",
    wasm.whileAtLeast(X, Y, [0x01]),
    "02 40 20 00 20 01 48 0d 00 03 40 01 20 00 20 01 4e 0d 00 0b 0b",
  ],
  ["ifElse()", wasm.ifElse(X, [0x01], []), "20 00 04 40 01 05 0b"],
  ["load4()", wasm.load4(X, 300), "20 00 fd 00 02 ac 02"],
  ["loadSplat()", wasm.loadSplat(X), "20 00 fd 09 02 00"],
  ["store4()", wasm.store4(X, Y, 16), "20 00 20 01 fd 0b 02 10"],
  ["storeFirst()", wasm.storeFirst(X, Y), "20 00 20 01 fd 1f 00 38 02 00"],
  ["copy1()", wasm.copy1(X, Y), "20 00 20 01 2a 02 00 38 02 00"],
  ["loadLane()", wasm.loadLane(X, Y, 3), "20 00 20 01 fd 56 02 00 03"],
  ["zero4", wasm.zero4, `fd 0c${" 00".repeat(16)}`],
  ["const4()", wasm.const4(1), `fd 0c${" 00 00 80 3f".repeat(4)}`],
  ["splat4()", wasm.splat4(X), "20 00 fd 13"],
  ["add4()", wasm.add4(X, Y), "20 00 20 01 fd e4 01"],
  ["subtract4()", wasm.subtract4(X, Y), "20 00 20 01 fd e5 01"],
  ["multiply4()", wasm.multiply4(X, Y), "20 00 20 01 fd e6 01"],
  ["divide4()", wasm.divide4(X, Y), "20 00 20 01 fd e7 01"],
  ["min4()", wasm.min4(X, Y), "20 00 20 01 fd ea 01"],
  ["max4()", wasm.max4(X, Y), "20 00 20 01 fd eb 01"],
  ["root4()", wasm.root4(X), "20 00 fd e3 01"],
  ["nearest4()", wasm.nearest4(X), "20 00 fd 6a"],
  ["less4()", wasm.less4(X, Y), "20 00 20 01 fd 43"],
  ["and4()", wasm.and4(X, Y), "20 00 20 01 fd 4e"],
  ["or4()", wasm.or4(X, Y), "20 00 20 01 fd 50"],
  ["without4()", wasm.without4(X, Y), "20 00 20 01 fd 4f"],
  ["addWhole4()", wasm.addWhole4(X, Y), "20 00 20 01 fd ae 01"],
  ["shift4()", wasm.shift4(X, 23), "20 00 41 17 fd ab 01"],
  [
    "shuffle4()",
    wasm.shuffle4(X, Y, [0, 4, 3, 7]),
    "20 00 20 01 fd 0d 00 01 02 03 10 11 12 13 0c 0d 0e 0f 1c 1d 1e 1f",
  ],
  ["multiplyAdd4() fused", wasm.multiplyAdd4(X, Y, Z, true), "20 00 20 01 20 02 fd 85 02"],
  [
    "multiplyAdd4() not fused",
    wasm.multiplyAdd4(X, Y, Z, false),
    "20 02 20 00 20 01 fd e6 01 fd e4 01",
  ],
];

for (const [name, code, expected] of ENCODINGS) {
  Deno.test(`${name} is encoded as the specification says`, () =>
    assertEquals(hex(code), expected));
}

Deno.test("assemble() writes the sections of the specification", () => {
  const fn = wasm.wasmFunction("f", ["i32", "f32"], (_, { local }) => {
    local("v128");
    return [];
  });
  const expected = [
    "00 61 73 6d 01 00 00 00", // the magic, version 1
    "01 0a 02 60 02 7f 7d 00 60 01 7f 00", // two types
    "02 11 01 03 65 6e 76 06 6d 65 6d 6f 72 79 02 03 00 80 01", // env.memory, shared, at most 128
    "03 03 02 00 01", // the functions' types
    "07 0e 02 01 66 00 00 06 66 5f 66 72 6f 6d 00 01", // exports f and f_from
    "0a 15 02 04 01 01 7b 0b 0e 00 20 00 28 02 00 20 00 2a 02 04 10 00 0b", // code
  ].join(" ");
  assertEquals(hex(wasm.assemble([fn], { shared: true, maximum: 128 })), expected);
  const own = hex(wasm.assemble([fn], { shared: false, maximum: 128 }));
  assertEquals(own, expected.replace("02 11 01", "02 0f 01").replace("02 03 00 80 01", "02 00 00"));
});

for (const shared of [false, true]) {
  Deno.test(`assemble() gives functions that run, memory ${shared ? "shared" : "its own"}`, () => {
    // sum = 1 + 2 + … + n as integers, checked by how often 1 is added to four numbers
    const fn = wasm.wasmFunction("count", ["i32"], ([n], { local, constant }) => {
      const i = local("i32"), sum = local("v128");
      return [
        ...wasm.whileAtLeast(wasm.get(n), wasm.i32(1), [
          ...wasm.set(i, wasm.get(n)),
          ...wasm.whileAtLeast(wasm.get(i), wasm.i32(1), [
            ...wasm.set(sum, wasm.add4(wasm.get(sum), constant(1))),
            ...wasm.advance(i, wasm.i32(-1)),
          ]),
          ...wasm.advance(n, wasm.i32(-1)),
        ]),
        ...wasm.store4(wasm.i32(0), wasm.get(sum)),
      ];
    });
    assertEquals([...run(fn, [10], [], shared).subarray(0, 5)], [55, 55, 55, 55, 0]);
    assertEquals(run(fn, [0], [9], shared)[0], 0);
  });
}

Deno.test("a function's second form reads its parameters from memory", () => {
  const fn = wasm.wasmFunction(
    "put",
    ["i32", "f32"],
    ([at, value]) => wasm.store4(wasm.get(at), wasm.splat4(wasm.get(value))),
  );
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  new Int32Array(memory.buffer)[2] = 32;
  new Float32Array(memory.buffer)[3] = 1.5;
  const module = new WebAssembly.Module(wasm.assemble([fn], { shared: false, maximum: 1 }));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  (exports.put_from as (at: number) => void)(8);
  assertEquals([...new Float32Array(memory.buffer, 32, 4)], [1.5, 1.5, 1.5, 1.5]);
});

Deno.test("ifElse() takes either branch", () => {
  const fn = wasm.wasmFunction("choose", ["i32"], ([x]) =>
    wasm.ifElse(
      wasm.get(x),
      wasm.store4(wasm.i32(0), wasm.const4(1)),
      wasm.store4(wasm.i32(0), wasm.const4(2)),
    ));
  assertEquals([run(fn, [7])[0], run(fn, [0])[0]], [1, 2]);
});

Deno.test("min4() and max4() return their first operand if one is NaN", () => {
  const a = four(NaN, 1, -1, 3), b = four(2, 2, 2, NaN);
  assertEquals([...run(storing(wasm.min4(a, b)), []).subarray(16, 20)], [NaN, 1, -1, 3]);
  assertEquals([...run(storing(wasm.max4(a, b)), []).subarray(16, 20)], [NaN, 2, 2, 3]);
});
