import { Random } from "@unroll/core";
import { assertEquals } from "@std/assert";
import { packTokens } from "#core/text/packed_tokens.ts";

Deno.test("tokens have the ids of their first places, however many share one among the last", () => {
  const random = new Random(7), packed = packTokens();
  const first = new Map<string, number>(), expected: number[][] = [];
  const long = "x".repeat(30); // tokens that differ behind the beginning alone
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
