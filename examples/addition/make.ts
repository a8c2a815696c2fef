/**
 * Makes sums of numbers of up to three digits, written as texts: "123+45" is to become "168". No
 * test sum is trained on, nor is it with its numbers the other way round.
 *
 *     deno run --allow-write examples/addition/make.ts
 *
 * @module
 */
import { Random } from "@unroll/core";

const TRAIN = 20_000, TEST = 1000;
const random = new Random(1);
const below = (n: number) => Math.floor(random.uniform() * n);

const sums = new Map<string, string>(); // what is written, by its numbers in order
while (sums.size < TRAIN + TEST) {
  const [a, b] = [below(1000), below(1000)];
  sums.set(String([a, b].sort((x, y) => x - y)), `${a}+${b},${a + b}`);
}
const rows = [...sums.values()];
const write = (name: string, some: string[]) =>
  Deno.writeTextFileSync(
    new URL(name, import.meta.url),
    `source,target\n${some.join("\n")}\n`,
  );
write("test.csv", rows.slice(0, TEST));
write("train.csv", rows.slice(TEST));
