interface Context {
  readonly root: string;
  readonly isRoot: boolean;
  readonly yes: boolean;
}
export function findGo(context: Context): Promise<{ readonly file: string; readonly env: Record<string, string> }>;
