import type { RenderedText } from "../../format/template";
import { childrenOf, type Element, parse } from "../../format/xml";
import { KvmError, messageOf } from "../../values/errors";
import { misspelt } from "../shared/misspelt";
import { profileScripts } from "./hand-over";

/** The sections of AutoYaST that a server's profile may have. */
const sections: readonly string[] = [
  ...[
    "add-on",
    "audit-laf",
    "bootloader",
    "configuration_management",
    "deploy_image",
    "fcoe-client",
    "files",
    "firewall",
  ],
  ...[
    "general",
    "groups",
    "groups_with_users",
    "host",
    "iscsi-client",
    "kdump",
    "keyboard",
    "language",
    "login_settings",
  ],
  ...[
    "networking",
    "nfs",
    "nfs_server",
    "nis",
    "ntp-client",
    "partitioning",
    "partitioning_advanced",
    "printer",
    "proxy",
  ],
  ...["report", "rmt", "samba-client", "scripts", "security", "services-manager", "software", "ssh_import", "sssd"],
  ...["suse_register", "sysconfig", "timezone", "upgrade", "user_defaults", "users"],
];

/**
 * Checks a profile as far as that is possible without SUSE's own schema.
 * @param template its path, for messages
 * @throws KvmError with the template's line
 */
export function requireProfile({ text, originOf }: RenderedText, template: string): void {
  const fail = (line: number, what: string) =>
    new KvmError("invalid-input", `${template}:${originOf(line)}: ${what}`, { property: "template" });
  const profile = rootOf(text, fail);
  if (profile.name !== "profile")
    throw fail(lineOf(text, `<${profile.name}`), `the element must be <profile>, not <${profile.name}>`);
  const names = childrenOf(profile).map(({ name }) => name);
  const [slip] = misspelt(names, sections);
  if (slip !== undefined) throw fail(lineOf(text, `<${slip.key}`), `${slip.key}: ${slip.message}`);
  for (const script of Object.values(profileScripts)) {
    if (!text.includes(script))
      throw fail(1, `no script runs "${script}"; copy the element <scripts> of the shipped template`);
  }
}

function rootOf(text: string, fail: (line: number, what: string) => KvmError): Element {
  try {
    return parse(text);
  } catch (error) {
    const [, what = messageOf(error), line = "1"] = /^(.*) \(line (\d+)\)$/.exec(messageOf(error)) ?? [];
    throw fail(Number(line), what);
  }
}

function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split("\n").length;
}
