/**
 * The small suite in Deno and in Node.js.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { assertAsHere, fewHere, fewOn, hasNode } from "./host.ts";

Deno.test("Deno passes the small suite", async () => {
  assertEquals((await fewHere()).failures, []);
});

const node = hasNode();

Deno.test({
  name: node ? "Node.js does the few tests, with Deno's weights" : "Node.js is not on this machine",
  ignore: !node,
  fn: async () => await assertAsHere(await fewOn("node")),
});
