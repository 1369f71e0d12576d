export interface Context {
  readonly isRoot: boolean;
  readonly yes: boolean;
}
export function ensurePackages(context: Context, names: readonly string[]): Promise<void>;
