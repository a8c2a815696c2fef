// The real std, by way of npm, for machines that cannot reach JSR. npm's copy has no types.
// @ts-types="./parse_args.d.ts"
export * from "npm:deno-std@1.4.0/cli/parse_args.js";
