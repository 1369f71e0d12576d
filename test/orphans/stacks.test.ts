import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isLogOf, sorted } from "../../provider/orphans/sort";
import { knownBy, stackOf, together } from "../../provider/orphans/stacks";
import type { Thing } from "../../provider/orphans/thing";
import { legacyIdentity } from "../../provider/values/identity";

const urnOf = (kind: string, name: string, stack = "dev") =>
  `urn:pulumi:${stack}::shop::pulumi-nodejs:dynamic/kvm:${kind}::${name}`;
const resource = (kind: string, name: string, properties: object) => ({
  urn: urnOf(kind, name),
  type: `pulumi-nodejs:dynamic/kvm:${kind}`,
  inputs: properties,
  outputs: properties,
});
const exported = (...resources: object[]) => JSON.stringify({ version: 3, deployment: { resources } });

describe("the state of a stack contains", () => {
  const state = exported(
    { urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", type: "pulumi:pulumi:Stack" },
    resource("Volume", "web-root", { __identity: "1-1", __urn: urnOf("Volume", "web-root") }),
    resource("Volume", "of-before", { __urn: urnOf("Volume", "named-before") }),
    resource("Machine", "web", { __identity: "2-2", name: "web", macAddresses: ["52:54:00:AA:00:01"] }),
    resource("Network", "lab", { __identity: "3-3", ipv4: { dhcp: { hosts: [{ mac: "52:54:00:00:00:02" }] } } }),
    { ...resource("Volume", "data", { __identity: "4-4" }), outputs: { __identity: "4-5" } },
    { urn: "urn:pulumi:dev::shop::other:index:Thing::x", type: "other:index:Thing", inputs: { name: "not-ours" } },
  );
  const known = knownBy(state, "a file");

  it("which stack it is of", () => assert.deepEqual(known.stacks, [{ stack: "dev", project: "shop" }]));
  it("the identities of its resources, of earlier releases' too, and no others", () => {
    const legacy = legacyIdentity(urnOf("Volume", "named-before"));
    assert.deepEqual([...known.identities], ["1-1", legacy, "2-2", "3-3", "4-4", "4-5"]);
  });
  it("its machines and their MAC addresses, with those that its networks name", () => {
    assert.deepEqual([...known.machines], ["web"]);
    assert.deepEqual([...known.macs], ["52:54:00:aa:00:01", "52:54:00:00:00:02"]);
  });
  it("nothing without resources", () => assert.deepEqual(knownBy(exported(), "x").stacks, []));
  for (const text of ["", "{}", "[]", '{"deployment":{"resources":[{}]}}', "not JSON"]) {
    it(`an error when it is something else: ${text}`, () =>
      assert.throws(() => knownBy(text, "some.json"), /some\.json is not the exported state of a stack\. Give what/));
  }
  it("a stack by its URN", () => {
    assert.deepEqual(stackOf(urnOf("Volume", "a", "prod")), { stack: "prod", project: "shop" });
    assert.equal(stackOf("none"), undefined);
  });
});

describe("a thing on a host", () => {
  const thing = (identity: string, stack = "dev", more: Partial<Thing> = {}): Thing => ({
    ...{ kind: "volume", name: `default/${identity}`, what: "a volume", target: { by: "record" } },
    owner: { owner: urnOf("Volume", identity, stack), identity },
    ...more,
  });
  const known = together([
    knownBy(exported(resource("Volume", "a", { __identity: "held" })), "x"),
    knownBy(
      exported(resource("Machine", "web", { __identity: "m", name: "web", macAddresses: ["52:54:00:00:00:09"] })),
      "x",
    ),
  ]);
  const groupOf = (one: Thing, isAll = false, by = known) =>
    Object.entries(sorted([one], by, isAll)).flatMap(([group, things]: [string, readonly Thing[]]) =>
      things.length === 0 ? [] : [group],
    );
  const ownerless = { owner: undefined } as const;
  const nothing = knownBy(exported(), "x");
  const cases: readonly (readonly [string, string[]])[] = [
    ["that a state has", groupOf(thing("held"))],
    ["that a state has, marked under the stack's former name", groupOf(thing("held", "former"))],
    ["that its stack's state doesn't have", groupOf(thing("lost"))],
    ["of a stack that isn't given", groupOf(thing("lost", "prod"))],
    ["of a stack that isn't given, when all are", groupOf(thing("lost", "prod"), true)],
    ["when no stack is given", groupOf(thing("lost"), false, nothing)],
    ["without an owner", groupOf(thing("x", "dev", ownerless))],
    ["without an owner, when no stack is given", groupOf(thing("x", "dev", ownerless), false, nothing)],
    ["with an unknown owner", groupOf(thing("x", "dev", { ...ownerless, target: { by: "nobody" } }), true)],
    [
      "that is the address of a state's machine",
      groupOf(thing("x", "dev", { ...ownerless, kind: "reservation", name: "lab/52:54:00:00:00:09" })),
    ],
    [
      "that is the log of a state's machine",
      groupOf(thing("x", "dev", { ...ownerless, kind: "log", target: { by: "log", file: "/c/web.installer.log" } })),
    ],
  ];
  const expected = [
    [],
    [],
    ["orphans"],
    ["others"],
    ["orphans"],
    ["others"],
    ["orphans"],
    ["others"],
    ["unproven"],
    [],
    [],
  ];
  for (const [index, [what, group]] of cases.entries())
    it(`${what}: ${expected[index]?.[0] ?? "is no orphan"}`, () => assert.deepEqual(group, expected[index]));

  it("is a machine's log by its name", () => {
    const names = [
      "web.log",
      "web.installer.log",
      "web.log.0",
      "web.installer.png",
      "web.png",
      "web-2.log",
      "web.b.log",
      "web.txt",
      "xweb.log",
    ];
    assert.deepEqual(
      names.filter((name) => isLogOf(`/var/${name}`, "web")),
      ["web.log", "web.installer.log", "web.log.0", "web.installer.png"],
    );
  });
});
