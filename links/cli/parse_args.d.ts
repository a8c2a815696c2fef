export function parseArgs(
  args: string[],
  options?: {
    string?: readonly string[];
    boolean?: readonly string[];
    negatable?: readonly string[];
    alias?: Record<string, string>;
    unknown?: (arg: string, key?: string, value?: unknown) => unknown;
  },
  // deno-lint-ignore no-explicit-any
): { _: (string | number)[]; [flag: string]: any };
