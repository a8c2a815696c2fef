/**
 * The npm packages of the peers. Their names are computed where they are imported, so that type
 * checking fetches nothing.
 *
 * @module
 */

/** Package and version of each peer. */
export const NPM = {
  brainjs: "npm:brain.js@2.0.0-beta.24",
  jaxjs: "npm:@jax-js/jax@0.1.25",
  onnxruntime: "npm:onnxruntime-node@1.30.0",
  tfjs: "npm:@tensorflow/tfjs@4.22.0",
  tfjsWasm: "npm:@tensorflow/tfjs-backend-wasm@4.22.0",
};

/** Returns the command that downloads packages to where Deno finds them. */
export function fetchCommand(...packages: (keyof typeof NPM)[]): string {
  return `deno cache --no-lock ${packages.map((each) => NPM[each]).join(" ")}`;
}

/** Returns the version of a package. */
export function versionOf(name: keyof typeof NPM): string {
  return NPM[name].split("@").at(-1)!;
}
