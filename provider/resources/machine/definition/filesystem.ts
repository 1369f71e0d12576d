import { at, each, object, orElse, presence, withoutDefaults } from "../../../format/place";
import { attributeOf, withAttributes } from "../../../format/xml";
import type { MachineInputs } from "../schema/machine";
import type { Part } from "./part";

type Filesystems = MachineInputs["filesystems"];
type Filesystem = Filesystems[number];

const place = object<Filesystem>({
  source: at("source/@dir"),
  target: at("target/@dir"),
  driver: orElse(at("driver/@type"), "9p"),
  accessMode: at("@accessmode"),
  readOnly: presence("readonly"),
});

const list = each<Filesystem>("filesystem", {
  write: (device, filesystem) => place.write(withAttributes(device, { type: "mount" }), filesystem),
  read: place.read,
});

export const filesystems: Part<Filesystems> = {
  write: list.write,
  read: (devices, asked) => (list.read(devices) ?? []).map((seen) => asAsked(seen, asked)),
  known: {
    filesystem: {
      key: (device) => attributeOf(device, "target", "dir"),
      kind: (device) => attributeOf(device, "driver", "type") ?? "9p",
    },
  },
};

function asAsked(seen: Filesystem, asked: Filesystems): Filesystem {
  const same = asked.find(({ target }) => target === seen.target);
  return withoutDefaults(seen, same, { accessMode: "passthrough" });
}
