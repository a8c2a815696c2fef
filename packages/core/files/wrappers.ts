/**
 * Names that wrappers of PyTorch have changed.
 *
 * @module
 */

// What DataParallel and torch.compile put before the names of a model that they wrap.
const WRAPPERS = ["module.", "_orig_mod."];

/** Tensors by name, without what a wrapper of PyTorch's has put before all of their names. */
export function withoutWrapper<T>(tensors: Map<string, T>): Map<string, T> {
  for (const wrapper of [...WRAPPERS, ...WRAPPERS]) { // one may be within the other
    const names = [...tensors.keys()];
    if (!names.every((name) => name.startsWith(wrapper))) continue;
    tensors = new Map([...tensors].map(([name, value]) => [name.slice(wrapper.length), value]));
  }
  return tensors;
}
