import type { Meaning } from "./meaning";

const shutDown = "Shut the machine down, then run `pulumi up`";

/** Failures of changes and requests of running machines. */
export const changeFailures: readonly Meaning[] = [
  {
    pattern: /device unplug request for not supported device type: \S*-cpu/,
    code: "unsupported",
    what: "a running machine of this kind can't give CPUs back",
    remedy: shutDown,
  },
  {
    pattern: /No more available PCI slots/,
    code: "unsupported",
    what: "the running machine has no free PCI slot for another device",
    remedy: shutDown,
  },
  {
    pattern: /USB is disabled for this domain/,
    code: "unsupported",
    what: "the machine has no USB controller",
    remedy: "Choose another bus",
  },
  {
    pattern: /greater than max allowable vcpus for the \w+ domain: (\d+) > (\d+)/,
    code: "invalid-input",
    what: "$1 CPUs are more than the machine's maximum of $2",
    remedy: "Raise the maximum, which takes effect when the machine is next shut down and started",
  },
  {
    pattern: /cannot set memory higher than max memory|cannot resize the maximum memory on an active domain/,
    code: "invalid-input",
    what: "a running machine can't have more memory than its maximum",
    remedy: shutDown,
  },
  {
    pattern: /Operation not supported: cannot modify /,
    code: "unsupported",
    remedy: shutDown,
  },
  {
    pattern: /disk device type '(\w+)' cannot be detached/,
    code: "unsupported",
    what: "a running machine's $1 drive can't be removed",
    remedy: shutDown,
  },
  {
    pattern: /device not found: |No disk found whose source path or target is|disk '[^']*' was not found/,
    code: "not-found",
    remedy: "Another program has changed the machine: run `pulumi refresh`, then `pulumi up`",
  },
  {
    pattern: /domain is not running|Domain is already active/,
    code: "conflict",
    remedy: "The machine was started or stopped meanwhile: run `pulumi refresh`, then `pulumi up`",
  },
  {
    pattern: /QEMU guest agent is not configured/,
    code: "unsupported",
    what: "the machine has no channel to a guest agent",
    remedy: "Enable the guest agent, and restart the machine",
  },
  {
    pattern: /Guest agent is not responding/,
    code: "unreachable",
    what: "the guest agent does not answer",
    remedy: "Install and start qemu-guest-agent in the guest",
  },
];
