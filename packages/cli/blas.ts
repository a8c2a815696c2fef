/**
 * The command line with `--backend blas` unless another backend is given; run by the tasks that
 * allow FFI.
 *
 * @module
 */
import { main } from "./main.ts";

const [command, ...rest] = Deno.args;
const isChosen = rest.some((arg) => arg === "--backend" || arg.startsWith("--backend="));
const chosen = isChosen || command === undefined ? [] : ["--backend", "blas"];
Deno.exit(await main([...(command === undefined ? [] : [command]), ...chosen, ...rest]));
