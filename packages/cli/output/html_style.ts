/**
 * The style of the HTML report.
 *
 * @module
 */

/** The style sheet. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1d2330; --paper: #fdfdfb; --line: #c9ccd3; --shade: 40 90 200; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e6eb; --paper: #16181d; --line: #444a57; --shade: 110 150 255; }
}
body { color: var(--ink); background: var(--paper); font: 16px/1.5 system-ui, sans-serif;
  max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; } h3 { font-size: 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; } th, td { padding: .2rem .7rem; text-align: start;
  border-bottom: 1px solid var(--line); overflow-wrap: normal; }
th { font-weight: 600; } td.count { text-align: end; print-color-adjust: exact; }
tbody th { position: sticky; inset-inline-start: 0; background: var(--paper); }
table.many { font-size: .75rem; line-height: 1.3; }
.many th, .many td { padding: .1rem .15rem; white-space: nowrap; }
.many tbody th { max-width: 8rem; overflow: hidden; text-overflow: ellipsis; }
.many thead th { writing-mode: vertical-rl; }
.many thead bdi { display: block; max-height: 9rem; overflow: hidden; text-overflow: ellipsis; }
mark { color: inherit; background: none; print-color-adjust: exact; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: .9rem/1.5 ui-monospace, monospace;
  border-inline-start: 3px solid var(--line); padding-inline-start: 1rem; }
svg { display: block; max-width: 100%; height: auto; } svg.wide { max-width: none; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
@media (max-width: 40rem) { svg.curves text { font-size: 20px; } }
@media print { h2, h3 { break-after: avoid; } tr, svg { break-inside: avoid; }
  .scroll { overflow: visible; } svg.wide { max-width: 100%; } }
`;
