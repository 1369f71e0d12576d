import type { Option } from "../command";

/** Options that mean the same in each command that has them. */
export const json: Option = { name: "json", summary: "prints the result as JSON" };

export const yes: Option = {
  name: "yes",
  summary: "does it without asking for confirmation; required without a terminal",
};

export const connection: Option = {
  name: "connection",
  value: "URI",
  summary: "the host's libvirt (default: KVM_DEPLOY_CONNECTION, else qemu:///system)",
};

export const stack: Option = {
  name: "stack",
  value: "NAME",
  summary: "the stack, if it is not the one with the file's name",
};
