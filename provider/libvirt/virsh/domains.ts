import type { DomainState, DomainVerbs } from "../client";
import type { Virsh } from "./call";
import { ifPresent } from "./output";

export function domainVerbs({ read, call }: Virsh, exists: (uuid: string) => Promise<boolean>): DomainVerbs {
  return {
    domainState: (uuid) =>
      ifPresent(
        async () => parseState(await read(["domstate", uuid, "--reason"])),
        () => exists(uuid),
      ),
    shutdown: async (uuid) => {
      await call(["shutdown", uuid]);
    },
    resizeBlock: async (uuid, file, bytes) => {
      await call(["blockresize", uuid, file, `${bytes}B`]);
    },
  };
}

function parseState(text: string): DomainState {
  const [, state = "", reason = ""] = /^(.*?) \((.*)\)/.exec(text) ?? [];
  return { state, reason };
}
