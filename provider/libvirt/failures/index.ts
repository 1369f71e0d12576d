import { changeFailures } from "./changes";
import { connectionFailures } from "./connection";
import { machineFailures } from "./machines";
import type { Meaning } from "./meaning";
import { networkFailures } from "./networks";
import { storageFailures } from "./storage";

/** Failures of everything that has a definition. */
const definitionFailures: readonly Meaning[] = [
  {
    pattern: /already exists|exists already/,
    code: "conflict",
    remedy: "Choose another name, or remove the existing one",
  },
  {
    pattern: /failed to validate against schema: .*\n(.*)/,
    code: "invalid-input",
    what: "libvirt's schema refuses the definition: $1",
    remedy: "Correct the property that it names",
  },
  {
    pattern: /XML error|unsupported configuration|\(\w+_definition\):\d+:/,
    code: "invalid-input",
    remedy: "Correct the property that libvirt names",
  },
];

/** libvirt's failures that a user can fix. The first match counts. */
export const failures: readonly Meaning[] = [
  ...connectionFailures,
  ...storageFailures,
  ...networkFailures,
  ...changeFailures,
  ...machineFailures,
  ...definitionFailures,
];
