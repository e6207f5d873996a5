import { cutToWidth, displayWidth } from './display-width.ts';
import { printable } from './printable.ts';
import { paint, type Style } from './style.ts';

/** A piece of a line that looks the same all through. */
export interface Piece {
  text: string;
  style?: Style;
}

/** What stands in one place of a table: text from anywhere, in one piece or several. */
export type Cell = string | Piece | readonly Piece[];

/** The pieces of a cell, made printable and brought to one line. */
export function piecesOf(cell: Cell): Piece[] {
  const pieces = typeof cell === 'string' ? [{ text: cell }] : 'text' in cell ? [cell] : cell;
  const last = pieces.length - 1;
  return pieces.map((piece, at) => {
    const text = printable(piece.text).replace(/\s+/g, ' ');
    const begun = at === 0 ? text.trimStart() : text;
    return { ...piece, text: at === last ? begun.trimEnd() : begun };
  });
}

/** How many columns of a terminal they take. */
export function widthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((width, { text }) => width + displayWidth(text), 0);
}

/** How a cell stands in its column, in columns of the terminal. */
export interface CellPlace {
  cutTo: number;
  padTo: number;
  align?: 'left' | 'right' | undefined;
}

/** The pieces, styled, cut to the width of their column and filled with spaces. */
export function formatCell(pieces: readonly Piece[], { cutTo, padTo, align }: CellPlace): string {
  let width = 0;
  let painted = '';
  for (const { text, style } of pieces) {
    const shown = cutToWidth(text, cutTo - width);
    painted += style === undefined ? shown : paint(style, shown);
    width += displayWidth(shown);
    // What was cut shows its end already.
    if (shown !== text) break;
  }
  const spaces = ' '.repeat(Math.max(0, padTo - width));
  return align === 'right' ? spaces + painted : painted + spaces;
}
