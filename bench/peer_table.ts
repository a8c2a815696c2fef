/**
 * The other libraries that do the same work.
 *
 * @module
 */
import { denoCommand, peerPath } from "./peer.ts";
import { fetchCommand } from "./peers/npm.ts";
import { GET_PYTORCH, newest, type Python } from "./python.ts";

/** A program of another library. */
export interface Peer {
  /** The library. */
  name: string;
  /** The command, the workload's name to follow; none where it is not here. */
  command?: string[];
  /**
   * What follows that. Of several, each takes its turns, and where they give the same name, the
   * faster stands in the table.
   */
  options: string[][];
  /** What it can do, in a time that one can wait for. */
  workloads: string[];
  /** How to get it. */
  get: string;
}

const CHARACTERS = ["characters-256x2", "characters-512x1"];
const BATCHED = ["classifier", "sentence", ...CHARACTERS];

/** All of them; Python's with the newest of what they need. */
export function peerTable(pythons: readonly Python[]): Peer[] {
  const python = (name: "torch" | "numpy", file: string) => {
    const best = newest(pythons, name);
    return best && [best.command, peerPath(file)];
  };
  const pytorch = { name: "PyTorch", command: python("torch", "pytorch.py"), get: GET_PYTORCH };
  return [
    {
      name: "numpy",
      command: python("numpy", "article.py"),
      options: [[]],
      workloads: ["article"],
      get: "python3 -m venv bench/.venv && bench/.venv/bin/pip install numpy",
    },
    { ...pytorch, options: [["1"]], workloads: ["article", ...BATCHED] },
    // The article's products are too small for two.
    { ...pytorch, options: [["2"], ["2", "passive"]], workloads: BATCHED },
    {
      name: "ONNX Runtime",
      command: denoCommand("onnxruntime.ts"),
      options: [["1"], ["2"]],
      workloads: ["sentence"],
      get: fetchCommand("onnxruntime"),
    },
    {
      name: "jax-js",
      command: denoCommand("jaxjs.ts"),
      options: [[]],
      workloads: ["sentence", ...CHARACTERS], // its jit compiles no gradient of an embedding
      get: fetchCommand("jaxjs"),
    },
    {
      name: "TensorFlow.js",
      command: denoCommand("tfjs.ts"),
      options: [["wasm"]],
      workloads: ["sentence", ...CHARACTERS], // it never ends a step of the classifier
      get: fetchCommand("tfjs", "tfjsWasm"),
    },
    {
      name: "brain.js",
      command: denoCommand("brainjs.ts"),
      options: [[]],
      workloads: CHARACTERS,
      get: fetchCommand("brainjs"),
    },
  ];
}
