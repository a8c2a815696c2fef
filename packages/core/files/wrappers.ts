/**
 * Removes the prefixes that PyTorch's wrappers add to tensor names.
 *
 * @module
 */

// The prefixes that DataParallel, torch.compile, FSDP and DeepSpeed add to names, and the
// attributes in which PyTorch and Lightning modules usually keep a model.
const WRAPPERS = [
  "module.",
  "_orig_mod.",
  "_fsdp_wrapped_module.",
  "_forward_module.",
  "model.",
  "net.",
  "network.",
];

const MAX_DEPTH = 4;

/** Removes the prefixes that all tensor names share because of PyTorch's wrappers. */
export function withoutWrapper<T>(tensors: Map<string, T>): Map<string, T> {
  for (let depth = 0; depth < MAX_DEPTH; depth++) { // wrappers may be nested
    const names = [...tensors.keys()];
    const wrapper = WRAPPERS.find((each) => names.every((name) => name.startsWith(each)));
    if (wrapper === undefined || names.length === 0) break;
    tensors = new Map([...tensors].map(([name, value]) => [name.slice(wrapper.length), value]));
  }
  return tensors;
}
