import { KvmError, messageOf } from "../../errors";
import { parse } from "../../format/xml";
import { profileScripts } from "./hand-over";

/** What can be told of a profile without SUSE's own schema. @throws KvmError of the input `template` */
export function requireProfile(text: string): void {
  const root = rootOf(text);
  if (root !== "profile") throw wrong(`the profile's element is <${root}>`, "Make it <profile>");
  for (const script of Object.values(profileScripts)) {
    if (!text.includes(script))
      throw wrong(`no script runs "${script}"`, "Copy the element <scripts> of the shipped template");
  }
}

function rootOf(text: string): string {
  try {
    return parse(text).name;
  } catch (error) {
    throw wrong(messageOf(error), "Correct the template");
  }
}

function wrong(what: string, remedy: string): KvmError {
  return new KvmError("invalid-input", what, { property: "template", remedy });
}
