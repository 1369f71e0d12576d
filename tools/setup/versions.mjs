// Version numbers as Node, Go and the Pulumi CLI print them.

/** "v22.12.0", "go1.26.8" or "3.274.1-dev" -> [22, 12, 0]; undefined where there is no number. */
export function parseVersion(text) {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : undefined;
}

/** Whether the version in `text` is `least` or newer; compares as many numbers as `least` has. */
export function isAtLeast(text, least) {
  const version = parseVersion(text);
  if (!version) return false;
  const parts = least.split(".").map(Number);
  const index = parts.findIndex((part, i) => part !== version[i]);
  return index === -1 || version[index] > parts[index];
}

/** The first two numbers, "3.274". */
export function majorMinor(text) {
  return parseVersion(text).slice(0, 2).join(".");
}
