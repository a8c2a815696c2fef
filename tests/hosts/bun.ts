/**
 * The few tests in Bun, which npm downloads. Run by `deno task test:hosts`.
 *
 * @module
 */
import { assertAsHere, fewOn } from "./host.ts";

Deno.test("Bun does the few tests, with Deno's weights", async () => {
  await assertAsHere(await fewOn("npx", "--yes", "bun"));
});
