import type { RenderedText } from "../../format/template";
import { childrenOf, type Element, find, parse, textOf } from "../../format/xml";
import { lineOfElement, withContent, withoutElement } from "../../format/xml-edit";
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
 * The profile with what the hand-over and the installation's end need, so that a user's own profile needs no line for it.
 * Nothing else changes, and a profile that has all of it stays as it is. SUSE's own schema isn't part of kvm-deploy.
 * @param template its path, for messages
 * @throws KvmError with the template's line
 */
export function withHandOver({ text, originOf }: RenderedText, template: string): string {
  const fail = (line: number, what: string) =>
    new KvmError("invalid-input", `${template}:${originOf(line)}: ${what}`, { property: "template" });
  const profile = rootOf(text, fail);
  if (profile.name !== "profile")
    throw fail(lineOf(text, `<${profile.name}`), `the element must be <profile>, not <${profile.name}>`);
  const names = childrenOf(profile).map(({ name }) => name);
  const [slip] = misspelt(names, sections);
  if (slip !== undefined) throw fail(lineOf(text, `<${slip.key}`), `${slip.key}: ${slip.message}`);
  return additions("xmlns:config" in profile.attributes ? "config:type" : "t").reduce((whole, add) => add(whole), text);
}

type Addition = (text: string) => string;

/** @param type the attribute that says an element's type, in the profile's own spelling */
function additions(type: string): readonly Addition[] {
  const flag = (name: string, value: boolean) => `<${name} ${type}="boolean">${String(value)}</${name}>`;
  const script = (list: string, source: string, more: string) => (text: string) => {
    if (runsScript(parse(text), list, source)) return text;
    const element = `<script><interpreter>shell</interpreter>${more}<source>${source}</source></script>`;
    return withContent(withElement(text, `profile/scripts/${list}`, type), `profile/scripts/${list}`, element);
  };
  const mode = (name: string, value: boolean) => (text: string) => {
    const path = "profile/general/mode";
    if (textOf(parse(text), `general/mode/${name}`)?.trim() === String(value)) return text;
    const without = withoutElement(withElement(text, path, type), `${path}/${name}`);
    return withContent(without, path, flag(name, value));
  };
  return [
    script("pre-scripts", profileScripts.start, "<filename>kvm-deploy-start</filename>"),
    script("chroot-scripts", profileScripts.copy, `<filename>kvm-deploy-copy</filename>${flag("chrooted", false)}`),
    // Otherwise YaST asks before it starts, and may start the new system by kexec, within the installer's machine.
    mode("confirm", false),
    mode("halt", true),
  ];
}

/** Only what the installer runs counts: neither a comment, nor another list of scripts. */
function runsScript(profile: Element, list: string, source: string): boolean {
  return childrenOf(find(profile, `scripts/${list}`), "script").some((one) => textOf(one, "source")?.includes(source));
}

/** The text with an element at this path, and those around it. */
function withElement(text: string, path: string, type: string): string {
  if (lineOfElement(text, path) !== undefined) return text;
  const [, outer = "", name = ""] = /^(.*)\/(.*)$/.exec(path) ?? [];
  const attribute = name.endsWith("-scripts") ? ` ${type}="list"` : "";
  return withContent(withElement(text, outer, type), outer, `<${name}${attribute}></${name}>`);
}

function rootOf(text: string, fail: (line: number, what: string) => KvmError): Element {
  try {
    return parse(text);
  } catch (error) {
    // The reader's own words quote the text, which may be a password with a `<`.
    const [, line = "1"] = /\(line (\d+)\)$/.exec(messageOf(error)) ?? [];
    throw fail(Number(line), "this is not XML; close each element, and write < as &lt; and & as &amp; in texts");
  }
}

function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split("\n").length;
}
