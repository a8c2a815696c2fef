// The real std, by way of npm, for machines that cannot reach JSR. npm's copy has no types.
// @ts-types="./unicode_width.d.ts"
export * from "npm:deno-std@1.4.0/cli/unicode_width.js";
