/** Lines of a log as people count them: from 1, both ends included. */
export interface LineRange {
  from: number;
  to: number;
}

const RANGE = /^L?(\d{1,12})(?:-L?(\d{1,12}))?$/i;

/** The lines a link means: "120", "120-140", "L120-L140". Nothing for anything else. */
export function parseLines(text: string | undefined): LineRange | undefined {
  const found = text ? RANGE.exec(text.replace(/^#/, "")) : null;
  if (!found) return undefined;
  const [first, last] = [Number(found[1]), Number(found[2] ?? found[1])];
  if (first < 1 || last < 1) return undefined;
  return { from: Math.min(first, last), to: Math.max(first, last) };
}

/** The range as it stands in a link. */
export const linesText = ({ from, to }: LineRange): string => (from === to ? `${from}` : `${from}-${to}`);

/** The range from where one began to where one goes now. */
export function stretched(anchor: number, to: number): LineRange {
  return { from: Math.max(1, Math.min(anchor, to)), to: Math.max(1, anchor, to) };
}
