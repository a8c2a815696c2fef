/**
 * The Markdown of the guides as HTML: headings, paragraphs, lists, tables, code, links, pictures and
 * emphasis, which is what they use.
 *
 * @module
 */

/** How a link is written: where it leads on the site. */
export type LinkTarget = (target: string, label: string) => string;

/** A document's title and its HTML. */
export interface Page {
  /** The first heading. */
  title: string;
  /** What stands in the body. */
  html: string;
}

/** A text in which no character means anything to HTML. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** What a heading is linked by: as on GitHub. */
export function slug(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s-]/gu, "").trim().replaceAll(/\s/g, "-");
}

/** The HTML of a line of text. */
function inline(text: string, link: LinkTarget): string {
  const kept: string[] = []; // what is HTML already
  const keep = (html: string) => `\uE000${kept.push(html) - 1}\uE000`;
  const part = (text: string): string =>
    escaped(text)
      .replaceAll(/\*\*(.+?)\*\*/g, "<strong>$1</strong>")
      .replaceAll(/(?<![\w*])[*_](?=\S)([^*_]+?)(?<=\S)[*_](?![\w*])/g, "<em>$1</em>");
  const marked = text
    .replaceAll(/(`+)(.+?)\1/g, (_, __, code) => keep(`<code>${escaped(code.trim())}</code>`))
    .replaceAll(
      /!\[([^\]]*)\]\(([^)\s]+)\)/g,
      (_, label, target) =>
        keep(`<img src="${escaped(link(target, label))}" alt="${escaped(label)}" loading="lazy">`),
    )
    .replaceAll(/\[([^\]]+)\]\(([^)\s]+)\)/g, (_, label: string, target: string) => {
      const plain = label.replaceAll(/\uE000(\d+)\uE000/g, (_, i) => kept[Number(i)]);
      const shown = plain === label ? part(label) : plain;
      return keep(
        `<a href="${escaped(link(target, plain.replaceAll(/<[^>]+>/g, "")))}">${shown}</a>`,
      );
    });
  const restore = (html: string): string =>
    /\uE000\d+\uE000/.test(html)
      ? restore(html.replaceAll(/\uE000(\d+)\uE000/g, (_, i) => kept[Number(i)]))
      : html;
  return restore(part(marked));
}

/** The cells of a table's row. */
function cellsOf(row: string): string[] {
  return row.trim().replace(/^\|/, "").replace(/\|$/, "").split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function tableOf([head, , ...rows]: string[], link: LinkTarget): string {
  const row = (line: string, tag: string) =>
    `<tr>${cellsOf(line).map((cell) => `<${tag}>${inline(cell, link)}</${tag}>`).join("")}</tr>`;
  return `<div class="wide"><table><thead>${row(head, "th")}</thead><tbody>${
    rows.map((line) => row(line, "td")).join("\n")
  }</tbody></table></div>`;
}

/** A list, whose items may go on over several lines. */
function listOf(lines: string[], link: LinkTarget): string {
  const tag = /^\d/.test(lines[0]) ? "ol" : "ul", items: string[] = [];
  for (const line of lines) {
    const [, text] = /^(?:[-*]|\d+\.) +(.*)$/.exec(line) ?? [];
    if (text === undefined) items[items.length - 1] += ` ${line.trim()}`;
    else items.push(text);
  }
  return `<${tag}>\n${items.map((item) => `<li>${inline(item, link)}</li>`).join("\n")}\n</${tag}>`;
}

/** A document as HTML. */
export function pageOf(markdown: string, link: LinkTarget): Page {
  const lines = markdown.replaceAll(/<!--[^]*?-->/g, "").split("\n"), html: string[] = [];
  let title = "", at = 0;
  const takeWhile = (isPart: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && isPart(lines[at])) at++;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at];
    const [, marks, heading] = /^(#{1,6}) +(.*)$/.exec(line) ?? [];
    if (line.trim() === "") at++;
    else if (heading !== undefined) {
      at++;
      title ||= heading.replaceAll("`", "");
      const tag = `h${marks.length}`;
      html.push(`<${tag} id="${slug(heading)}">${inline(heading, link)}</${tag}>`);
    } else if (line.startsWith("```")) {
      at++;
      const code = takeWhile((each) => !each.startsWith("```"));
      at++;
      html.push(`<pre><code>${escaped(code.join("\n"))}</code></pre>`);
    } else if (/^ {4}\S/.test(line)) {
      const code = takeWhile((each) => each.startsWith("    ") || each.trim() === "");
      html.push(
        `<pre><code>${
          escaped(code.map((each) => each.slice(4)).join("\n").trimEnd())
        }</code></pre>`,
      );
    } else if (line.startsWith("|")) {
      html.push(tableOf(takeWhile((each) => each.startsWith("|")), link));
    } else if (/^(?:[-*]|\d+\.) +/.test(line)) {
      html.push(listOf(takeWhile((each) => each.trim() !== "" && !/^(#|```|\|)/.test(each)), link));
    } else {
      const text = takeWhile((each) => each.trim() !== "" && !/^(#{1,6} |```|\|)/.test(each));
      html.push(`<p>${inline(text.join(" "), link)}</p>`);
    }
  }
  return { title, html: html.join("\n") };
}
