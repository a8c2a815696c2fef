/**
 * The other libraries that run the same workloads.
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
  /** The command, before the workload's name; undefined if the library is not installed. */
  command?: string[];
  /**
   * The arguments after that. If there are several lists, each is timed, and of those that report
   * the same name, the table shows the faster.
   */
  options: string[][];
  /** The workloads that it can run in a reasonable time. */
  workloads: string[];
  /** The command to install it. */
  get: string;
}

const CHARACTERS = ["characters-256x2", "characters-512x1"];
const BATCHED = ["classifier", "sentence", ...CHARACTERS];

/** Returns all of them; those in Python with the newest version of their package. */
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
    // The article's matrix products are too small for two threads.
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
      workloads: ["sentence", ...CHARACTERS], // its jit cannot compile an embedding's gradient
      get: fetchCommand("jaxjs"),
    },
    {
      name: "TensorFlow.js",
      command: denoCommand("tfjs.ts"),
      options: [["wasm"]],
      workloads: ["sentence", ...CHARACTERS], // its step of the classifier never ends
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
