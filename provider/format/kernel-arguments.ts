import { KvmError } from "../values/errors";

/** The kernel's limit on x86 is 2048 bytes with the final zero. */
const limit = 2047;

/** Splits a kernel command line. White space inside double quotes belongs to its argument, the quotes don't. */
export function splitArguments(line: string): string[] {
  const found = line.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
  return found.map((argument) => argument.replaceAll('"', ""));
}

/** The inverse of `splitArguments`. @throws KvmError for arguments that the kernel can't parse */
export function joinArguments(args: readonly string[]): string {
  const line = args.map(quoteArgument).join(" ");
  if (Buffer.byteLength(line) <= limit) return line;
  throw new KvmError(
    "invalid-input",
    `the kernel arguments have ${Buffer.byteLength(line)} bytes; the kernel accepts at most ${limit}`,
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

/** The kernel has no escapes, and GRUB puts a backslash before each quotation mark. */
export function isArgument(text: string): boolean {
  return text !== "" && /^[^"'\p{Cc}]+$/u.test(text);
}

function quoteArgument(argument: string): string {
  if (!isArgument(argument)) {
    throw new KvmError("invalid-input", `the kernel argument ${JSON.stringify(argument)} can't be passed to a kernel`, {
      remedy: "Give a text without quotation marks and control characters, one argument per item",
    });
  }
  if (!argument.includes(" ")) return argument;
  const [name, ...value] = argument.split("=");
  // The name must stay outside the quotes if it has no space itself: boot loaders and installers search for `name=`.
  if (value.length === 0 || name === undefined || name.includes(" ")) return `"${argument}"`;
  return `${name}="${value.join("=")}"`;
}
