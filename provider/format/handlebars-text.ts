/** A part of a template: text as it is, or the name of a variable. */
export type TemplatePart = { readonly text: string } | { readonly variable: string };

/** A Handlebars template of the parts: braces and backslashes of the text stay as they are. */
export function handlebarsOf(parts: readonly TemplatePart[]): string {
  const pieces = parts.flatMap((part, index) => {
    if ("variable" in part) return [{ mustache: part.variable }];
    const isAfter = index > 0;
    const isBefore = index < parts.length - 1;
    return piecesOf(part.text, isAfter, isBefore);
  });
  return pieces.reduce((written, piece) => {
    if ("text" in piece) return written + piece.text;
    // A backslash would escape the braces after it.
    return `${written}${written.endsWith("\\") ? "\\" : ""}{{${piece.mustache}}}`;
  }, "");
}

type Piece = { readonly text: string } | { readonly mustache: string };

/** Braces that Handlebars would read become texts in quotes. */
function piecesOf(text: string, isAfter: boolean, isBefore: boolean): Piece[] {
  const all = text.split(/(\{{2,}|^\}+|\{$)/);
  return all.map((piece, index) => {
    const isBraces = index % 2 === 1;
    if (!isBraces) return { text: piece };
    const isRead = piece.startsWith("{{") || (piece.startsWith("}") && isAfter) || (piece === "{" && isBefore);
    return isRead ? { mustache: `"${piece}"` } : { text: piece };
  });
}
