import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { redhatAccounts, suseAccounts } from "../../provider/install/shared/names/accounts";
import { nameOfKeyboard, parseKeyboard } from "../../provider/install/shared/names/keyboard";
import {
  debianAccounts,
  debianKeyboards,
  layouts,
  locales,
  oldTimeZones,
  timeZones,
} from "../../provider/install/shared/names/lists.gen";
import { isLocale, localeOf } from "../../provider/install/shared/names/locale";
import { isTimeZone, timeZoneOf } from "../../provider/install/shared/names/time-zone";
import { knownKeyboards } from "../../provider/install/suse/keyboard";
import { inheritedNames, lostName } from "../properties";

describe("a keyboard", () => {
  const spellings: Readonly<Record<string, string | undefined>> = {
    us: "us",
    latam: "latam",
    "de(nodeadkeys)": "de(nodeadkeys)",
    "de-nodeadkeys": "de(nodeadkeys)",
    de_nodeadkeys: "de(nodeadkeys)",
    "us-alt-intl": "us(alt-intl)",
    "us_alt-intl": "us(alt-intl)",
    "us-colemak-dh": "us(colemak_dh)",
    "ch-fr": "ch(fr)",
    fr_CH: "ch(fr)",
    uk: "gb",
    "de-latin1-nodeadkeys": "de(nodeadkeys)",
    "de()": undefined,
    "de(nodeadkeys": undefined,
    "de(nope)": undefined,
    german: undefined,
    "us\nx": undefined,
    "": undefined,
  };
  for (const [text, name] of Object.entries(spellings)) {
    it(`${JSON.stringify(text)} is ${name ?? "none"}`, () => {
      const keyboard = parseKeyboard(text);
      assert.equal(keyboard && nameOfKeyboard(keyboard), name);
    });
  }

  it("of either installer's own list is one of XKB's, and named as there", () => {
    for (const name of [...debianKeyboards, ...knownKeyboards]) {
      const keyboard = parseKeyboard(name);
      assert.equal(keyboard && nameOfKeyboard(keyboard), name);
    }
  });

  it("has no variants that differ by hyphens and underscores alone", () => {
    for (const [layout, variants] of Object.entries(layouts)) {
      const hyphened = variants.split(" ").map((variant) => variant.replaceAll("_", "-"));
      assert.equal(new Set(hyphened).size, hyphened.length, layout);
    }
  });
});

describe("a locale", () => {
  const spellings: Readonly<Record<string, string | undefined>> = {
    C: "C",
    "C.UTF-8": "C.UTF-8",
    "C.utf8": "C.UTF-8",
    de_DE: "de_DE.UTF-8",
    "de_DE.utf8": "de_DE.UTF-8",
    "am_ET.UTF-8": "am_ET",
    "sr_RS.UTF-8@latin": "sr_RS@latin",
    "de_DE.ISO-8859-1": undefined,
    "de_DE@euro": undefined,
    xx_XX: undefined,
    "C@latin": undefined,
  };
  for (const [text, name] of Object.entries(spellings)) {
    it(`${text} is ${name ?? "none"}`, () => assert.equal(isLocale(text) ? localeOf(text) : undefined, name));
  }

  it("by glibc's own name stays what it is", () => {
    for (const name of locales) assert.equal(localeOf(name), name);
  });
});

describe("a time zone", () => {
  it("is one of the distribution's list, by its present name", () => {
    for (const name of timeZones) assert.equal(timeZoneOf(name), name);
    for (const [old, name] of Object.entries(oldTimeZones)) {
      assert.equal(timeZoneOf(old), name);
      assert.ok(timeZones.includes(name), name);
    }
  });

  it("is none by any other name", () => {
    for (const name of ["Europe/Atlantis", "Europe", "posix/Europe/Berlin", "localtime", ""])
      assert.ok(!isTimeZone(name), name);
  });
});

it("no list knows what every object inherits", () => {
  for (const name of [...inheritedNames, lostName]) {
    assert.equal(parseKeyboard(name), undefined, name);
    assert.ok(!isLocale(name) && !isTimeZone(name), name);
  }
});

it("every family knows the accounts that its systems have", () => {
  for (const accounts of [debianAccounts, redhatAccounts, suseAccounts])
    for (const name of ["root", "daemon", "mail", "nobody", "users"]) assert.ok(accounts.includes(name), name);
});
