import { joinArguments } from "../../format/kernel-arguments";
import { withConsoles } from "../shared/boot-arguments";
import { keyboardOf, nameOfKeyboard } from "../shared/names/keyboard";
import { neededPackages } from "../shared/packages";
import { isPublicKey } from "../shared/ssh-keys";
import type { SystemOptions } from "../shared/system";
import { connectionsOf } from "./network";
import type { AgamaOptions } from "./schema";
import { storageOf } from "./storage";
import { timezoneOf } from "./timezone";

/** What the installer asks for in another form than the options have; the table's paths reach it as `derived.…`. */
export function derivedFrom(system: SystemOptions, own: AgamaOptions): Readonly<Record<string, unknown>> {
  const { hostname = "agama", domain, locale } = system;
  return {
    hostname: domain === undefined ? hostname : `${hostname}.${domain}`,
    language: languageOf(locale),
    keyboard: nameOfKeyboard(keyboardOf(system.keyboard)),
    timezone: timezoneOf(system.timezone),
    connections: system.network === undefined ? null : connectionsOf(system.network),
    kernelArguments: joinArguments(withConsoles(system.kernelArguments)),
    storage: own.storage ?? storageOf(system.disk),
    product: productOf(own),
    root: rootOf(system),
    packages: packagesOf(system),
    onlyRequired: !own.recommends,
  };
}

/** Agama knows languages of regions in UTF-8 alone; the hand-over sets the locale itself. */
function languageOf(locale: string): string {
  const [region = "en_US"] = /^[a-z]+_[A-Z]+/.exec(locale) ?? [];
  return `${region}.UTF-8`;
}

function productOf({ product = "", registration }: AgamaOptions) {
  const { code, email } = registration ?? {};
  return {
    id: product,
    ...(code === undefined ? {} : { registrationCode: code }),
    ...(email === undefined ? {} : { registrationEmail: email }),
  };
}

/**
 * Without a way in for root or a user Agama asks for one; with a key it lets SSH in. The other keys come at the end, and so
 * does one with options, which Agama may not know.
 */
function rootOf({ rootPassword = "*", rootKeys }: SystemOptions) {
  const key = rootKeys.find(isPublicKey);
  return { password: rootPassword, hashedPassword: true, ...(key === undefined ? {} : { sshPublicKey: key }) };
}

function packagesOf(system: SystemOptions): readonly string[] {
  return [...new Set([...system.packages, ...neededPackages(system, { timeService: "chrony", kind: "rpm" })])];
}
