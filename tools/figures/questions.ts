import type { Entry } from "./journeys";
import { type Example, named, said } from "./mentions";

/** What the figures are asked of. Names, not paths, since files are moved. */
export const journeys: readonly Entry[] = [
  { journey: "error text: a failure of virsh to the user's words", below: "provider/", name: "explainVirsh" },
  { journey: "options to answers: Debian", below: "provider/install/debian/", name: "debian", member: "answers" },
  { journey: "YAML to configuration", below: "provider/", name: "readConfiguration" },
  { journey: "machine: create", below: "provider/resources/machine/", name: "machine", member: "create" },
  {
    journey: "machine: update (a NIC changed)",
    below: "provider/resources/machine/",
    name: "machine",
    member: "update",
  },
];

/** A list of all resources, where a new one has to be put in. */
function isListOfResources(names: readonly string[]): boolean {
  return names.includes("volumes") && names.includes("installers");
}

const importsVolume = named(/^Volume$|\/volume(\/|$)/);
const busyInterface = "Network is already in use by interface";

export const examples: readonly Example[] = [
  { like: "a disk field", thing: "detectZeroes", isNamed: named(/detect_?zeroes/i), resource: "machine" },
  { like: "a top-level device", thing: "watchdog", isNamed: named(/watchdog/i), resource: "machine" },
  { like: "a network field", thing: "mtu", isNamed: named(/\bmtu\b|Mtu/), resource: "network" },
  {
    like: "a family",
    thing: "debian",
    isNamed: named(/^debian$|(^|\/)debian\//),
    own: "provider/install/debian/",
  },
  { like: "an error text", thing: busyInterface, isNamed: said(busyInterface) },
  {
    like: "a resource",
    thing: "volume",
    isNamed: (names) => importsVolume(names) || isListOfResources(names),
    own: "provider/resources/volume/",
  },
];
