import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";

/** By host and pool: the requested refresh that has not started. */
const coming = new WeakMap<Host, Map<string, Promise<void>>>();

/**
 * Lets libvirt list the pool's actual volumes. All callers before a refresh starts share it: its result is never older
 * than the request, and of many deleted volumes most wait for the same refresh.
 */
export function relistPool(host: Host, pool: string, context: Context): Promise<void> {
  const looks = coming.get(host) ?? new Map<string, Promise<void>>();
  coming.set(host, looks);
  const look = looks.get(pool) ?? beginLook(host, pool, context, looks);
  looks.set(pool, look);
  return look;
}

function beginLook(
  { libvirt, lock }: Host,
  pool: string,
  context: Context,
  looks: Map<string, Promise<void>>,
): Promise<void> {
  const forget = () => {
    if (looks.get(pool) === look) looks.delete(pool);
  };
  const refresh = () => {
    forget();
    return libvirt.refreshPool(pool);
  };
  // The wait for the lock may be interrupted.
  const look: Promise<void> = lock(`pool ${pool}`, refresh, context).finally(forget);
  return look;
}
