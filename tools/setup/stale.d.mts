interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
}
type Lock = Readonly<Record<string, LockedPackage>>;
export function lockDifferences(lock: Lock, installed: Lock): string[];
export function hashOf(root: string, names: readonly string[]): string;
