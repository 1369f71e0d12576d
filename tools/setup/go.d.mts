import type { Context } from "./debian.mjs";

interface Place extends Context {
  readonly root: string;
}
export function findGo(context: Place): Promise<{ readonly file: string; readonly env: Record<string, string> }>;
