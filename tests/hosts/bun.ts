/**
 * The small suite in Bun, which npm downloads. Run by `deno task test:hosts`.
 *
 * @module
 */
import { allCases, answersOn, assertAnswers } from "./exported.ts";
import { assertAsHere, fewOn } from "./host.ts";

Deno.test("Bun passes the small suite, with Deno's weights", async () => {
  await assertAsHere(await fewOn("npx", "--yes", "bun"));
});

Deno.test("exported modules predict in Bun like their models, on all examples", async () => {
  const cases = await allCases();
  assertAnswers(cases, await answersOn(cases, "npx", "--yes", "bun"));
});
