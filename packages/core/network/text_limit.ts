/**
 * How long a text may be, by the memory that its network takes.
 *
 * @module
 */
import { MAX_TEXT_LENGTH } from "../data/examples.ts";
import type { TokenizerOptions } from "../text/tokenizer.ts";
import { canReadInChunks } from "./chunks.ts";
import type { NetworkConfig } from "./config.ts";

/**
 * How many characters a text may have: any number where a model truncates texts, or reads them in
 * chunks, so that memory does not grow with them.
 *
 * @example
 * ```ts
 * import { textLimitOf } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const network = { head: "max", bidirectional: true } as const;
 * assertEquals(textLimitOf({ config: { ...network, layers: 1 } }), Infinity);
 * assertEquals(textLimitOf({ config: { ...network, layers: 2 } }), 100_000);
 * ```
 */
export function textLimitOf(
  { tokenizer, config }: {
    tokenizer?: TokenizerOptions;
    config?: Pick<NetworkConfig, "head" | "bidirectional" | "layers">;
  },
): number {
  const isBounded = tokenizer?.maxLength !== undefined ||
    config !== undefined && canReadInChunks(config);
  return isBounded ? Infinity : MAX_TEXT_LENGTH;
}
