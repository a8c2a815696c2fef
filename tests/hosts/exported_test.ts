import { assertLess } from "@std/assert";
import { allCases, answersOn, assertAnswers } from "./exported.ts";
import { hasNode } from "./host.ts";

Deno.test("exported modules predict in Deno like their models, on all examples", async () => {
  const cases = await allCases();
  assertAnswers(cases, await answersOn(cases, Deno.execPath(), "run", "--no-prompt"));
});

const node = hasNode();

Deno.test({
  name: node ? "exported modules answer in Node.js as their models" : "Node.js is not here",
  ignore: !node,
  async fn() {
    const cases = await allCases();
    assertAnswers(cases, await answersOn(cases, "node"));
  },
});

Deno.test("weights in 8 bits cost less than a point of accuracy", async () => {
  for (const { name, accuracy } of await allCases()) {
    if (accuracy) assertLess(accuracy.before - accuracy.after, 0.01, name);
  }
});
