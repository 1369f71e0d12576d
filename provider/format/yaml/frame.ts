/** A place in a text file; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export function formatPosition({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

/** `file:line:column: message`, then the line with a pointer below it. */
export function frame(message: string, position: Position, text: string): string {
  const line = text.split(/\r?\n/)[position.line - 1];
  const head = `${formatPosition(position)}: ${message}`;
  return line === undefined ? head : `${head}\n${excerpt(line, position)}`;
}

/** The length of a line from which on only the part around the column is shown. */
const longest = 200;

function excerpt(line: string, { line: number, column }: Position): string {
  const gutter = `  ${number} | `;
  const blank = `${" ".repeat(gutter.length - 2)}| `;
  const start = line.length > longest ? Math.max(0, column - longest / 2) : 0;
  // Tabs stay tabs, so that the pointer is below its column.
  const indent = line.slice(start, column - 1).replace(/[^\t]/g, " ");
  const [before, shown] = [start > 0 ? "…" : "", withoutSecrets(line).slice(start)];
  const text = shown.length > longest ? `${shown.slice(0, longest)}…` : shown;
  return `${gutter}${before}${text}\n${blank}${before === "" ? "" : " "}${indent}^`;
}

/** Patterns of secrets, which are hidden in the line: error texts end up in logs. */
const secrets: readonly RegExp[] = [
  /(?<=\w*(?:pass(?:word|wd|phrase)?|secret|token|private|crypt|hash)\w*["']?\s*:\s+)\S.*$/i,
  /(?<=:\/\/)\S+(?=@)/g,
  /\$(?:\d|y|gy|2[abxy])\$\S+/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY.*$/,
  // A line of a PEM or base64 block.
  /^\s*[A-Za-z0-9+/=]{40,}\s*$/,
];

function withoutSecrets(line: string): string {
  return secrets.reduce((text, secret) => text.replace(secret, "[hidden]"), line);
}
