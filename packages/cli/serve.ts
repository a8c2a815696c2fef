/**
 * A trained model as an HTTP service: the request handler behind `deno task serve`, for
 * `Deno.serve`, Deno Deploy and tests.
 *
 * ```ts ignore
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { readModel } from "@unroll/core";
 * import { createService } from "@unroll/cli/serve";
 *
 * const bytes = await Deno.readFile("model.safetensors");
 * const model = await readModel(new Blob([bytes]), "model.safetensors");
 * export default createService(createCpuBackend(), model);
 * ```
 *
 * @module
 */
export { DEFAULT_LIMITS, type ServeLimits } from "./serve/limits.ts";
export type { GenerationEnd } from "./serve/generation.ts";
export {
  createService,
  type RequestRecord,
  type Service,
  type ServiceOptions,
} from "./serve/service.ts";
