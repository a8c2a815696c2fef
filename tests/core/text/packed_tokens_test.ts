import { Random } from "@unroll/core";
import { assertEquals } from "@std/assert";
import { packTokens } from "#core/text/packed_tokens.ts";

Deno.test("tokens have ids in order of first occurrence, even if they share a slot of the cache", () => {
  const random = new Random(7), packed = packTokens();
  const first = new Map<string, number>(), expected: number[][] = [];
  const long = "x".repeat(30); // for tokens that differ only after a common prefix
  for (let text = 0; text < 300; text++) {
    const tokens = Array.from({ length: 400 }, () => {
      const rank = Math.floor(60_000 * random.uniform() ** 4);
      return rank % 5 === 0 ? `${long}${rank}` : String(rank);
    });
    packed.add(tokens);
    expected.push(tokens.map((token) => {
      if (!first.has(token)) first.set(token, first.size);
      return first.get(token)!;
    }));
  }
  assertEquals(packed.tokens, [...first.keys()]);
  for (const [text, ids] of expected.entries()) assertEquals([...packed.ids(text)], ids);
});
