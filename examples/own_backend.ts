// A backend of your own: any object with the methods of `Backend`. This one passes each op on to the
// CPU's plain loops and counts it; the conformance suite then says whether it still does as it should.
//
//   deno run examples/own_backend.ts
import { createCpuBackend } from "@unroll/backend-cpu";
import { type Backend, createModel, fit } from "@unroll/core";
import { conformanceCases } from "@unroll/core/conformance";

function createCountingBackend(counts: Map<string, number>): Backend {
  return new Proxy(createCpuBackend({ kernels: "plain" }), {
    get(cpu, name: keyof Backend) {
      if (name === "name") return "counting";
      const member = cpu[name];
      if (typeof member !== "function") return member; // such as dtype
      return (...given: unknown[]) => {
        const op = String(name);
        counts.set(op, (counts.get(op) ?? 0) + 1);
        return Reflect.apply(member, cpu, given);
      };
    },
  });
}

const create = () => createCountingBackend(new Map());
const cases = conformanceCases(create, create);
for (const { name, run } of cases) {
  await run().catch((error: Error) => console.log(`failed: ${name}: ${error.message}`));
}
console.log(`conformance: ${cases.length} cases were run`);

const counts = new Map<string, number>();
const examples = [{ text: "good", label: "up" }, { text: "not good", label: "down" }];
const model = createModel(examples, { cell: "gru", hidden: 8 });
const { train } = await fit(createCountingBackend(counts), model, examples, { epochs: 200 });
console.log(`${model.config.cell}: accuracy ${train!.accuracy}; the ops called most often:`);
const most = [...counts].sort(([, a], [, b]) => b - a).slice(0, 5);
for (const [name, count] of most) console.log(`${name.padEnd(12)} ${count}`);
