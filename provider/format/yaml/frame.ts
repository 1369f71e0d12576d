/** A place in a text file; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export function formatPosition({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

/** `file:line:column: message`, then the line itself with a pointer below it. */
export function frame(message: string, position: Position, text: string): string {
  const line = text.split(/\r?\n/)[position.line - 1];
  const head = `${formatPosition(position)}: ${message}`;
  return line === undefined ? head : `${head}\n${excerpt(line, position)}`;
}

function excerpt(line: string, { line: number, column }: Position): string {
  const gutter = `  ${number} | `;
  const blank = `${" ".repeat(gutter.length - 2)}| `;
  // Tabs stay tabs, so that the pointer stands below its column.
  const indent = line.slice(0, column - 1).replace(/[^\t]/g, " ");
  return `${gutter}${withoutSecrets(line)}\n${blank}${indent}^`;
}

/** An error text ends up in logs, so what looks like a secret in the line is hidden. */
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
