/**
 * The repository's files, and what the guides among them hold.
 *
 * @module
 */

/** The repository's folder. */
export const ROOT = new URL("../../", import.meta.url);

/** The guides, as paths from there. */
export const GUIDES: readonly string[] = Array.from(
  Deno.readDirSync(new URL("docs", ROOT)),
  ({ name }) => `docs/${name}`,
).filter((name) => name.endsWith(".md"));

/**
 * All files below a folder of the repository, as paths from its root: not those of packages, nor of
 * hidden folders, such as a virtual environment.
 *
 * @param folder A path that ends with a slash, or "" for the root.
 */
export async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    if (name.startsWith(".") || name === "node_modules") continue;
    if (isDirectory) yield* filesBelow(`${folder}${name}/`);
    else yield folder + name;
  }
}

/** The blocks of code of a language in a document, without those that are marked with `ignore`. */
export function blocksOf(text: string, language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm");
  return Array.from(text.matchAll(pattern), ([, block]) => block);
}

/** The lines of a shell's block, each with those that go on from it. */
export function linesOf(block: string): string[] {
  return block.replaceAll(/ *\\\n\s*/g, " ").split("\n");
}
