/**
 * Names that wrappers of PyTorch have changed.
 *
 * @module
 */

// What DataParallel, torch.compile, FSDP and DeepSpeed put before the names of a model that they wrap,
// and the attributes that modules of PyTorch and Lightning keep one in.
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

/** Tensors by name, without what a wrapper of PyTorch's has put before all of their names. */
export function withoutWrapper<T>(tensors: Map<string, T>): Map<string, T> {
  for (let depth = 0; depth < MAX_DEPTH; depth++) { // one may be within the other
    const names = [...tensors.keys()];
    const wrapper = WRAPPERS.find((each) => names.every((name) => name.startsWith(each)));
    if (wrapper === undefined || names.length === 0) break;
    tensors = new Map([...tensors].map(([name, value]) => [name.slice(wrapper.length), value]));
  }
  return tensors;
}
