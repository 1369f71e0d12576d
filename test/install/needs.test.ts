import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { families, type FamilyId, familyOf } from "../../provider/install/index";
import type { Need } from "../../provider/install/shared/needs";
import { formatSize } from "../../provider/values/units";

describe("what an installer needs at least", () => {
  for (const [family, title, memory, disk] of [
    ["debian", 'Debian GNU/Linux 13.2.0 "Trixie"', "460MiB", "512MiB"],
    ["debian", "debian 12", "460MiB", "512MiB"],
    ["debian", 'Debian GNU/Linux 11.11.0 "Bullseye"', undefined, "512MiB"],
    ["debian", "Kali GNU/Linux 2025.3", undefined, "512MiB"],
    ["ubuntu", 'Ubuntu-Server 24.04.3 LTS "Noble Numbat"', "1430MiB", "4768MiB"],
    ["redhat", "Fedora 43", "2GiB", "2GiB"],
    ["redhat", "fedora latest", "2GiB", "2GiB"],
    ["redhat", "AlmaLinux 9.6", "1536MiB", "2GiB"],
    ["suse", "openSUSE Leap 15.6", "1GiB", "3GiB"],
    ["suse", "SLES 15.7", "1GiB", "1GiB"],
    ["agama", "Leap 16.0", "1GiB", "1GiB"],
  ] as const satisfies readonly (readonly [FamilyId, string, string | undefined, string])[]) {
    it(`is known of ${title}`, () => {
      const needs = familyOf(family).needs(title);
      assert.deepEqual(
        [needs.memory, needs.disk].map((need) => need && formatSize(need.bytes)),
        [memory, disk],
      );
    });
  }

  it("has its source in each family", () => {
    const needs = families.flatMap((family) => Object.values<Need>({ ...family.needs("another 1") }));
    assert.ok(needs.length >= families.length);
    for (const { source } of needs) assert.match(source, /^\S.{10,}$/);
  });
});
