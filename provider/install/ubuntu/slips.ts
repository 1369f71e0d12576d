import { nearest } from "../../values/nearest";

/** Where a slip is, below the storage section, and what it is. */
export interface StorageSlip {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What curtin's actions name other actions by; each value is an id, or a list of ids. */
const references: readonly string[] = [
  ...["device", "devices", "volume", "volgroup", "spare_devices", "backing_device", "cache_device", "pool", "vdevs"],
];

type Action = Readonly<Record<string, unknown>>;

/** References to actions that there are not, and a storage without a root: the installer ends when it finds them. */
export function slipsInStorage(storage: Readonly<Record<string, unknown>>): StorageSlip[] {
  const { config } = storage;
  if (!Array.isArray(config)) return [];
  const actions = config.filter((action): action is Action => typeof action === "object" && action !== null);
  const ids = actions.map(({ id }) => id).filter((id) => typeof id === "string");
  const slips: StorageSlip[] = [];
  actions.forEach((action, index) => {
    const say = (key: string, message: string) => slips.push({ path: ["config", index, key], message });
    if (
      typeof action["id"] === "string" &&
      ids.indexOf(action["id"]) !== ids.lastIndexOf(action["id"]) &&
      ids.lastIndexOf(action["id"]) === index
    )
      say("id", `"${action["id"]}" is the id of another action, too; choose another one`);
    for (const key of references) {
      for (const id of [action[key]].flat()) {
        if (typeof id === "string" && !ids.includes(id)) say(key, unknownId(id, ids));
      }
    }
  });
  const mounts = actions.filter(({ type }) => type === "mount");
  if (actions.length > 0 && !hasRoot(mounts, actions))
    slips.push({ path: ["config"], message: "no action mounts the root; add one of the type mount with the path /" });
  return slips;
}

/** A pool of ZFS mounts its file systems itself. */
function hasRoot(mounts: readonly Action[], actions: readonly Action[]): boolean {
  return mounts.some(({ path }) => path === "/") || actions.some(({ type }) => type === "zpool" || type === "zfs");
}

function unknownId(id: string, ids: readonly string[]): string {
  const meant = nearest(id, ids);
  return `no action has the id "${id}"${meant === undefined ? "; add one, or correct the name" : `; did you mean "${meant}"?`}`;
}

/** Whether a machine with this storage may boot by UEFI; a layout makes what it needs itself. */
export function bootsByUefi({ config }: Readonly<Record<string, unknown>>): boolean {
  if (!Array.isArray(config)) return true;
  return config.some((action: Action | null) => action?.["type"] === "mount" && action["path"] === "/boot/efi");
}

/** A layout of the storage section by its name, and whether it is encrypted. */
export function layoutOf({ layout }: Readonly<Record<string, unknown>>): {
  readonly name: unknown;
  readonly isEncrypted: boolean;
} {
  const { name, password } = (typeof layout === "object" && layout !== null ? layout : {}) as Action;
  return { name, isEncrypted: password !== undefined };
}
