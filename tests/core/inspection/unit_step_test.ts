import {
  CELL_NAMES,
  createLanguageModel,
  createModel,
  createTranslationModel,
  type Example,
  InputError,
  type Model,
  type NetworkConfig,
  traceGradients,
  traceSteps,
  traceUnit,
  type UnitTrace,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { CELLS } from "#web/cells.ts";

const HIDDEN = 6;
const examples: Example[] = [
  { text: "so very good", label: "up" },
  { text: "not good at all", label: "down" },
];
const tagged: Example[] = [{ text: "so very good", label: "A B C" }];
const FUNCTIONS = {
  sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  relu: (x: number) => Math.max(0, x),
  identity: (x: number) => x,
};

interface Case {
  name: string;
  model: Model;
  example: Example;
}

const config = (own: Partial<NetworkConfig>) => ({
  hidden: HIDDEN,
  init: "scaled" as const,
  ...own,
});

function classifier(own: Partial<NetworkConfig>): Case {
  const isTagger = own.head === "token";
  const some = isTagger ? tagged : examples;
  return {
    name: JSON.stringify(own),
    model: createModel(some, config(own)) as Model,
    example: some.at(-1)!,
  };
}

const texts: Example[] = [{ text: "abba", label: "x" }, { text: "baab", label: "y" }];
const pairs: Example[] = [{ text: "abc", label: "cba" }, { text: "bca", label: "acb" }];

const CASES: Case[] = [
  ...CELL_NAMES.filter((cell) => CELLS[cell].hasUnitEquations).flatMap((cell) => [
    classifier({ cell }),
    classifier({ cell, layers: 2, bidirectional: true, embedding: 4, head: "mean" }),
  ]),
  classifier({ activation: "relu" }),
  classifier({ cell: "lstm", bidirectional: true, head: "last" }),
  classifier({ cell: "gru", bidirectional: true, head: "mean-max" }),
  classifier({ cell: "gru", head: "token", bidirectional: true, layers: 2 }),
  classifier({ cell: "lstm", head: "max" }),
  classifier({ cell: "gru", head: "token", embedding: 3, letters: 4 }),
  {
    name: "a language model",
    model: createLanguageModel(texts, config({ cell: "gru" })) as Model,
    example: { text: "abba", label: "" },
  },
  ...(["lstm", "gru"] as const).map((cell) => ({
    name: `a translation model, ${cell}`,
    model: createTranslationModel(pairs, config({ cell, layers: 2 })) as Model,
    example: pairs[0],
  })),
];

for (const { name, model, example } of CASES) {
  for (const [dtype, tolerance] of [["float64", 1e-12], ["float32", 2e-6]] as const) {
    Deno.test(`traceUnit() of ${name}, ${dtype}: each value equals the network's`, async () => {
      const backend = createCpuBackend({ dtype });
      // Larger than initial weights, and with nonzero biases.
      const weights = Object.fromEntries(
        Object.entries(model.weights).map(([key, values]) => [
          key,
          values.map((value: number, i: number) => value + 0.3 * Math.sin(i + key.length)),
        ]),
      );
      const own = { ...model, weights } as Model;
      const steps = await traceSteps(backend, own, example.text);
      const gradients = await traceGradients(backend, own, example);
      const near = (a: number, b: number) =>
        assertAlmostEquals(a, b, tolerance * Math.max(1, Math.abs(b)));
      for (const [layer, directions] of steps.layers.entries()) {
        for (const [direction, cell] of directions.entries()) {
          for (const step of steps.words.keys()) {
            for (let unit = 0; unit < HIDDEN; unit++) {
              const at = { step, layer, direction, unit };
              const found = await traceUnit(backend, own, example.text, at, { example });
              const place = step * HIDDEN + unit;
              assertEquals(found.words, steps.words);
              near(found.state, cell.states[place]);
              for (const gate of found.gates) checkGate(gate, cell.gates[gate.gate]?.[place], near);
              for (const line of found.lines) {
                near(line.value, line.name === "c_t" ? cell.cells![place] : cell.states[place]);
              }
              checkOutput(found, steps.probabilities[step], near);
              const back = found.backward!;
              near(
                Math.hypot(...back.gates.map(({ value }) => value)),
                gradients.layers[layer][direction][place],
              );
              const carry = back.carry?.reduce((product, { value }) => product * value, 1) ?? 0;
              near(back.reached + (back.next?.sum ?? 0) + carry, back.dh);
            }
          }
        }
      }
    });
  }
}

function checkGate(
  { input, state, bias, inner, sum, activation, value, gate }: UnitTrace["gates"][number],
  traced: number | undefined,
  near: (a: number, b: number) => void,
): void {
  const recurrent = inner ? inner.scale.value * (state!.sum + inner.bias) : state?.sum ?? 0;
  near(input.sum + recurrent + bias, sum);
  near(FUNCTIONS[activation](sum), value);
  if (traced !== undefined) near(value, traced);
  for (const products of [input, ...(state ? [state] : [])]) {
    const top = products.top.reduce((sum, { value }) => sum + value, 0);
    near(top + products.rest, products.sum);
    for (const { factor, weight, value } of products.top) near(factor * weight, value);
    const sizes = products.top.map(({ value }) => Math.abs(value));
    assertEquals(sizes, sizes.toSorted((a, b) => b - a), gate);
  }
}

function checkOutput(
  { output }: UnitTrace,
  probabilities: number[] | undefined,
  near: (a: number, b: number) => void,
): void {
  assertEquals(output === undefined, probabilities === undefined);
  if (!output || !probabilities) return;
  for (const { label, logit, exponential, probability } of output.labels) {
    near(Math.exp(logit), exponential);
    near(exponential / output.sum, probability);
    near(probability, probabilities[label]);
  }
  const { label, state, bias } = output.logit;
  near(state.sum + bias, output.labels.find((own) => own.label === label)!.logit);
  if (output.target !== undefined) near(-Math.log(probabilities[output.target]), output.loss!);
}

Deno.test("traceUnit() returns the loss at the end of a text, or at each word for a tagger", async () => {
  const backend = createCpuBackend();
  const lossAt = async ({ model, example }: Case, step: number) => {
    const at = { step, layer: 0, direction: 0, unit: 0 };
    const { output } = await traceUnit(backend, model, example.text, at, { example });
    return output?.loss !== undefined;
  };
  const one = classifier({}), each = classifier({ head: "token" });
  assertEquals([await lossAt(one, 2), await lossAt(one, 3)], [false, true]);
  assertEquals([await lossAt(each, 0), await lossAt(each, 2)], [true, true]);
});

Deno.test("traceUnit() returns the largest products, and throws if there is no such unit or step", async () => {
  const backend = createCpuBackend(), { model } = classifier({ cell: "lstm" });
  const at = { step: 1, layer: 0, direction: 0, unit: 2 };
  const { gates } = await traceUnit(backend, model, "so good", at, { most: 2 });
  assertEquals(gates.map(({ gate }) => gate), ["i", "f", "g", "o"]);
  assertEquals(gates[0].state!.top.length, 2);
  assertEquals(gates[0].state!.others, HIDDEN - 2);
  assertEquals(gates[0].input.top.length, 1);
  assert(gates[0].input.top[0].factor === 1);
  for (const wrong of [{ step: 2 }, { layer: 1 }, { direction: 1 }, { unit: 6 }, { unit: 0.5 }]) {
    await assertRejects(
      () => traceUnit(backend, model, "so good", { ...at, ...wrong }),
      InputError,
    );
  }
});

for (const cell of CELL_NAMES.filter((cell) => !CELLS[cell].hasUnitEquations)) {
  Deno.test(`traceUnit() of ${cell} throws, because its units have no separate equations`, async () => {
    const { model } = classifier({ cell }), at = { step: 1, layer: 0, direction: 0, unit: 2 };
    await assertRejects(
      () => traceUnit(createCpuBackend(), model, "so good", at),
      InputError,
      `the cell ${cell} has no equations for single units: its units are normalized together`,
    );
  });
}
