import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Backend,
  createForecaster,
  createLanguageModel,
  createModel,
  createTranslationModel,
  type FloatArray,
  InputError,
  type ModelOptions,
  opsOf,
  train,
  type Weights,
} from "@unroll/core";
import { assert, assertEquals, assertLess, assertNotEquals, assertThrows } from "@std/assert";
import { networkConfig } from "#core/network/config.ts";
import { crossEntropyLoss } from "#core/network/loss.ts";
import { withRecurrentDropout } from "#core/network/recurrent_dropout.ts";
import { weightShapes } from "#core/network/shapes.ts";
import { mapWeights } from "#core/network/weights.ts";
import { passOf } from "#core/training/pass.ts";
import { targetsOf } from "#core/training/step.ts";
import { createSimdBackend } from "#cpu/simd.ts";
import {
  randomExamples,
  randomWeights,
  relativeError,
  withoutFused,
} from "#tests/support/helpers.ts";

const WORDS = 5, LABELS = 3;
const exact = createCpuBackend({ dtype: "float64" });

for (const cell of ["rnn", "lstm", "gru"] as const) {
  for (
    const [path, backend] of [["the fused ops", exact], [
      "primitives",
      withoutFused(exact),
    ]] as const
  ) {
    Deno.test(`the gradient of ${cell} with recurrent dropout equals finite differences, by ${path}`, async () => {
      const config = networkConfig({
        ...{ cell, hidden: 3, layers: 2, bidirectional: true, embedding: 2, head: "token" },
        recurrentDropout: 0.4,
      });
      const numbers = randomWeights(3, config, WORDS, LABELS);
      const examples = randomExamples(3, [3, 1, 4], WORDS, LABELS, config);
      const ops = opsOf(backend);
      const targets = targetsOf(config, examples, 4);
      const rowWeights = Array.from(targets, (label) => label < 0 ? 0 : 1 / 8);
      const passed = async () => {
        let names: string[] = [];
        const tensors = ops.scope(() => {
          const shapes = weightShapes(config, WORDS, LABELS);
          const weights = mapWeights(shapes, (shape, name) => ops.tensor(numbers[name], shape));
          const pass = passOf(ops, config, examples, 4, { seed: 1, t: 2 })(weights);
          const ids = ops.indices(targets, LABELS);
          const column = ops.tensor(rowWeights, [targets.length, 1]);
          const losses = crossEntropyLoss.value(ops, pass.outputs, ids);
          const gradients = pass.backward(
            crossEntropyLoss.gradient(ops, pass.outputs, ids, column),
          );
          names = Object.keys(gradients);
          const whole = Object.entries(gradients).map(([name, { values, rows }]) =>
            rows ? ops.update(ops.zeros(shapes[name]), values, { keep: 1, add: 1, rows }) : values
          );
          return [losses, ...whole];
        });
        const [losses, ...values] = await ops.read(tensors);
        ops.dispose(tensors);
        const loss = rowWeights.reduce((sum, weight, i) => sum + weight * losses[i], 0);
        const gradients: Weights<FloatArray> = Object.fromEntries(
          names.map((name, i) => [name, values[i]]),
        );
        return { loss, gradients };
      };
      const { gradients } = await passed();
      const loss = async () => (await passed()).loss;
      assertLess(await relativeError(numbers, gradients, loss), 1e-6);
      assert(gradients.Whh.some((value: number) => value === 0), "no weight was dropped");
    });
  }
}

Deno.test("a step's mask keeps 1 - p of Whh, scaled, and does not change the other weights", async () => {
  const ops = opsOf(exact);
  const config = networkConfig({ cell: "gru", hidden: 20, embedding: 4, recurrentDropout: 0.25 });
  const numbers = randomWeights(3, config, WORDS, LABELS);
  const droppedAt = async (t: number) => {
    let names: string[] = [];
    const tensors = ops.scope(() => {
      const shapes = weightShapes(config, WORDS, LABELS);
      const weights = mapWeights(shapes, (shape, name) => ops.tensor(numbers[name], shape));
      let given = weights;
      withRecurrentDropout(ops, config, { seed: 1, t }, (dropped) => {
        given = dropped;
        return { backward: () => ({}) };
      })(weights);
      names = Object.keys(given);
      return Object.values(given);
    });
    const values = await ops.read(tensors);
    ops.dispose(tensors);
    return Object.fromEntries(names.map((name, i) => [name, values[i]]));
  };
  const { Whh, ...others } = await droppedAt(1);
  const kept = Whh.filter((value: number) => value !== 0).length / Whh.length;
  assertLess(Math.abs(kept - 0.75), 0.04);
  for (const [i, value] of Whh.entries()) {
    if (value !== 0) assertLess(Math.abs(value - numbers.Whh[i] / 0.75), 1e-6);
  }
  for (const [name, values] of Object.entries(others)) assertEquals(values, numbers[name]);
  assertEquals((await droppedAt(1)).Whh, Whh);
  assertNotEquals((await droppedAt(2)).Whh, Whh);
});

const EXAMPLES = Array.from({ length: 24 }, (_, i) => ({
  text: Array.from({ length: 2 + i % 5 }, (_, t) => "abcdef"[(i + t * t) % 6]).join(" "),
  label: i % 3 === 0 ? "up" : "down",
}));

/** The weights that a network trains to. */
async function trained(backend: Backend, options: ModelOptions): Promise<Weights<FloatArray>> {
  const model = createModel(EXAMPLES, { hidden: 20, init: "scaled", ...options });
  await Array.fromAsync(train(backend, model, EXAMPLES, { epochs: 2, batchSize: 8 }));
  return model.weights;
}

for (const cell of ["gru", "lnlstm"] as const) {
  Deno.test(`${cell} with recurrent dropout trains to the same weights on any number of threads`, async () => {
    const options = { cell, recurrentDropout: 0.3, embedding: 6, bidirectional: true } as const;
    const found: Weights<FloatArray>[] = [];
    for (const threads of [1, 2, 3]) {
      const backend = createSimdBackend({ fused: false, threads, minWorkToShare: 0 })!;
      found.push(await trained(backend, options));
      backend.dispose();
    }
    assertEquals(found[1], found[0]);
    assertEquals(found[2], found[0]);
  });
}

Deno.test("the article's fast path is not used with recurrent dropout", async () => {
  const backend = createCpuBackend();
  const options: ModelOptions = { hidden: 6 };
  const dropped = { ...options, recurrentDropout: 0.5 };
  assertNotEquals(await trained(backend, dropped), await trained(backend, options));
});

Deno.test("every task with recurrent layers supports recurrent dropout", async () => {
  const backend = createCpuBackend();
  const pairs = EXAMPLES.map(({ text }) => ({ text, label: text.toUpperCase() }));
  const wave = Float64Array.from({ length: 96 }, (_, t) => Math.sin(t * Math.PI / 6));
  const series = [{ columns: ["wave"], values: [wave] }];
  for (const task of ["language-model", "translate", "forecast"] as const) {
    const found: Weights<FloatArray>[] = [];
    for (const recurrentDropout of [0, 0.5]) {
      const options = { hidden: 6, recurrentDropout };
      if (task === "forecast") {
        const model = createForecaster(series, { ...options, horizon: 6 });
        await Array.fromAsync(train(backend, model, series, { epochs: 1 }));
        found.push(model.weights);
      } else {
        const model = task === "translate"
          ? createTranslationModel(pairs, options)
          : createLanguageModel(pairs, options);
        await Array.fromAsync(train(backend, model, pairs, { epochs: 1, batchSize: 8 }));
        found.push(model.weights);
      }
    }
    assertNotEquals(found[0], found[1], task);
  }
});

Deno.test("recurrent dropout is refused without Whh, and outside [0, 1)", () => {
  const made = (options: ModelOptions) => () => createModel(EXAMPLES, options);
  assertThrows(
    made({ cell: "mingru", recurrentDropout: 0.2 }),
    InputError,
    "which the cell mingru does not have",
  );
  assertThrows(made({ recurrentDropout: 1 }), InputError, "the recurrent dropout");
});
