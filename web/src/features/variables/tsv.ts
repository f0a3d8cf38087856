/**
 * The cells of a text as spreadsheets put it on the clipboard: tabs and line ends part cells, a quoted cell may hold both
 * and doubles its quotes. One empty line at the end is no row.
 */
export function cellsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  let ended = true;
  while (at < text.length) {
    const [cell, next] = text[at] === '"' ? quoted(text, at) : plain(text, at);
    row.push(cell);
    at = next;
    ended = false;
    if (text[at] === "\t") {
      at += 1;
      if (at === text.length) row.push("");
      continue;
    }
    rows.push(row);
    row = [];
    if (text[at] === "\r" && text[at + 1] === "\n") at += 1;
    at += 1;
    ended = true;
  }
  if (!ended && row.length > 0) rows.push(row);
  return rows;
}

function plain(text: string, from: number): [string, number] {
  let at = from;
  while (at < text.length && text[at] !== "\t" && text[at] !== "\n" && text[at] !== "\r") at += 1;
  return [text.slice(from, at), at];
}

/** A cell that begins with a quote; one whose closing quote is missing or followed by text is taken as it stands. */
function quoted(text: string, from: number): [string, number] {
  let cell = "";
  let at = from + 1;
  while (at < text.length) {
    const quote = text.indexOf('"', at);
    if (quote < 0) break;
    cell += text.slice(at, quote);
    if (text[quote + 1] === '"') {
      cell += '"';
      at = quote + 2;
      continue;
    }
    const next = text[quote + 1];
    if (next === undefined || next === "\t" || next === "\n" || next === "\r") return [cell, quote + 1];
    break;
  }
  return plain(text, from);
}

/** Cells as spreadsheets read them. */
export function textOf(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(written).join("\t")).join("\n");
}

const written = (cell: string): string => (/["\t\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
