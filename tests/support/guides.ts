/** The repository's folder. */
export const ROOT = new URL("../../", import.meta.url);

/** The guides, as paths from there. */
export const GUIDES: readonly string[] = Array.from(
  Deno.readDirSync(new URL("docs", ROOT)),
  ({ name }) => `docs/${name}`,
).filter((name) => name.endsWith(".md"));
