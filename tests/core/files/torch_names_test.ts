import { assertEquals } from "@std/assert";
import { networkConfig } from "#core/network/config.ts";
import { fromTorch, torchShapes } from "#core/network/torch_names.ts";

const H = 2;

/** Returns weights that equal their index in PyTorch's tensors, plus 100 in bias_hh. */
function numbered(cell: "rnn" | "lstm" | "gru") {
  const config = networkConfig({ cell, hidden: H, embedding: 3 });
  const shapes = torchShapes(config, 5, 2);
  return fromTorch(config, (name) => {
    const size = shapes[name].reduce((a, b) => a * b);
    return Float64Array.from({ length: size }, (_, i) => name.includes("bias_hh") ? 100 + i : i);
  });
}

Deno.test("fromTorch() adds two biases that only occur as a sum", () => {
  assertEquals([...numbered("rnn").bh], [100, 102]);
  assertEquals([...numbered("lstm").bh], [100, 102, 104, 106, 108, 110, 112, 114]);
});

Deno.test("fromTorch() keeps a GRU's second bias separate within its reset", () => {
  const { bh, bhn } = numbered("gru");
  assertEquals([...bh], [100, 102, 104, 106, 4, 5]); // r and z are summed, n is not
  assertEquals([...bhn], [104, 105]);
});
