/**
 * `deno task export`
 *
 * @module
 */
import { InputError } from "@unroll/core";
import { TARGETS } from "../exports/targets.ts";
import { loadModel } from "../files/files.ts";
import { choice, type Command, file, inGroups } from "../flags/flags.ts";
import { print } from "../output/terminal.ts";
import { TRAINING_NAMES } from "../exports/pytorch_flags.ts";
import { OWN_FLAGS } from "./export_flags.ts";

const names = Object.keys(TARGETS);

const flags = {
  "model": file("trained model", "model.safetensors"),
  "to": choice(
    names,
    names.map((name) => `${name}: ${TARGETS[name].title}`).join("; "),
    undefined,
  ),
  "out": {
    ...file("file or folder to write", undefined),
    shown: names.map((name) => TARGETS[name].out).join(", "),
  },
  ...OWN_FLAGS,
};

/** `deno task export` */
export const exportCommand: Command<typeof flags> = {
  name: "export",
  summary: "Exports a trained model to another tool's format.",
  flags,
  groups: inGroups(flags, {
    Model: ["model", "to", "out", "int8", "weights", "data"],
    Training: [...TRAINING_NAMES],
  }, "Data"),
  examples: names.map((name) => {
    const { out, needs } = TARGETS[name];
    const more = needs === undefined ? "" : ` ${needs}`;
    return `export --model model.safetensors --to ${name}${more} --out ${out}`;
  }),
  async run(settings, _, given) {
    const { to } = settings;
    if (to === undefined) {
      throw new InputError(`export needs a format: give --to ${names.join(" or --to ")}`);
    }
    const target = TARGETS[to];
    for (const flag of given) {
      if (!(flag in OWN_FLAGS) || target.flags.some((own) => own === flag)) continue;
      const others = names.filter((name) => TARGETS[name].flags.some((own) => own === flag));
      throw new InputError(`--${flag}: is for export --to ${others.join(" or ")}`);
    }
    const model = await loadModel(settings.model);
    for (const line of await target.write(model, settings.out ?? target.out, settings)) print(line);
    return 0;
  },
};
