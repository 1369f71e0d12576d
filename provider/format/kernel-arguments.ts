import { KvmError } from "../values/errors";

/** The kernel's limit on x86 is 2048 bytes with the final zero. */
const limit = 2047;

/** Splits a kernel command line; white space inside double quotes belongs to its argument, the quotes don't. */
export function splitArguments(line: string): string[] {
  const found = line.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
  return found.map((argument) => argument.replaceAll('"', ""));
}

/** The inverse of `splitArguments`. @throws KvmError for what the kernel can't be told */
export function joinArguments(args: readonly string[]): string {
  const line = args.map(quoteArgument).join(" ");
  if (Buffer.byteLength(line) <= limit) return line;
  throw new KvmError(
    "invalid-input",
    `the kernel arguments have ${Buffer.byteLength(line)} bytes; the kernel takes ${limit}`,
    {
      remedy: "Give fewer kernel arguments",
    },
  );
}

/** `base` with the arguments of the same names replaced by those of `added`, which come last; every `console=` stays. */
export function mergeArguments(base: readonly string[], added: readonly string[]): string[] {
  const names = new Set(added.map(nameOf).filter((name) => name !== "console"));
  return [...base.filter((argument) => !names.has(nameOf(argument))), ...added];
}

function nameOf(argument: string): string {
  return argument.split("=", 1)[0] ?? "";
}

/** The kernel knows no escape, and GRUB puts a backslash before either quotation mark. */
export function isArgument(text: string): boolean {
  return text !== "" && /^[^"'\p{Cc}]+$/u.test(text);
}

function quoteArgument(argument: string): string {
  if (!isArgument(argument)) {
    throw new KvmError("invalid-input", `the kernel argument ${JSON.stringify(argument)} can't be given to a kernel`, {
      remedy: "Give a text without quotation marks and control characters, one argument each",
    });
  }
  if (!argument.includes(" ")) return argument;
  const [name, ...value] = argument.split("=");
  // The name must stay outside the quotes where it has no blank itself: boot loaders and installers look for `name=`.
  if (value.length === 0 || name === undefined || name.includes(" ")) return `"${argument}"`;
  return `${name}="${value.join("=")}"`;
}
