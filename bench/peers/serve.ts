/**
 * What the JavaScript programs share: turns with the runner, as in `common.py`.
 *
 * @module
 */
import { linesOf } from "../peer.ts";
import type { Program } from "../turns.ts";

/**
 * Prints the program's name, and then runs as many steps as each line of stdin requests.
 *
 * @param about Its kernels.
 */
export async function serve(program: string, run: Program["run"], about?: string): Promise<void> {
  console.log(JSON.stringify({ program, about }));
  for await (const line of linesOf(Deno.stdin.readable)) {
    console.log(JSON.stringify(await run(Number(line))));
  }
  Deno.exit(); // a library's workers would keep it running
}
