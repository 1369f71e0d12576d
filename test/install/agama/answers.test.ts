import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { parseYaml } from "../../../provider/format/yaml/load";
import { agama } from "../../../provider/install/agama/index";
import { expectGolden } from "../../golden/expect";
import { root } from "../../site";
import { hash } from "../debian/options";
import { makeKeyPair } from "../shared/keys";
import { type Given, optionsOf } from "./options";

function shipped(name: "template" | "table") {
  const file = path.join("provider/install/agama", agama.shipped[name]);
  return { path: file, text: readFileSync(path.join(root, file), "utf8"), isOwn: false };
}

function answersTo(options: Given, template?: string) {
  const own = template === undefined ? shipped("template") : { path: "own.json.hbs", text: template, isOwn: true };
  return agama.answers({
    ...optionsOf(options),
    data: {},
    pair: { template: own, table: shipped("table") },
    mark: "mark",
  });
}

function profileOf(...args: Parameters<typeof answersTo>): string {
  return String(answersTo(...args).iso.find(({ path: file }) => file === "kvm-deploy/profile.json")?.content);
}

/** What the profile has at a path of keys. */
function at(profile: string, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], JSON.parse(profile));
}

function goldenOptions(name: string): Given {
  const file = `test/golden/agama/${name}.in.yaml`;
  return parseYaml(readFileSync(path.join(root, file), "utf8"), file).value as Given;
}

describe("the shipped template", () => {
  const goldens = globSync("test/golden/agama/*.in.yaml", { cwd: root }).map((file) => path.basename(file, ".in.yaml"));
  assert.ok(goldens.length >= 5);
  for (const name of goldens.sort()) {
    it(`makes of ${name} the profile that is expected`, () => {
      const { system, own } = optionsOf(goldenOptions(name));
      assert.deepEqual(agama.limits(system, own), []);
      expectGolden(`agama/${name}.profile.json`, profileOf(goldenOptions(name)));
    });
  }

  it("hands values over as they are", () => {
    const options = goldenOptions("server");
    const profile = profileOf(options);
    const volume = ["storage", "volumeGroups", 0, "physicalVolumes", 0, "generate", "encryption", "luks2", "password"];
    assert.equal(at(profile, ...volume), options.disk?.passphrase);
    assert.equal(at(profile, "root", "sshPublicKey"), options.rootKeys?.[0]);
    assert.equal(at(profile, "bootloader", "extraKernelParams"), 'console=tty0 quiet greeting="hello world"');
  });

  it("holds no further key, no user's password and no script: they travel in files", () => {
    const { publicKey, privateKey } = makeKeyPair("-t", "ed25519");
    const profile = profileOf({
      users: [{ name: "ann", password: hash, keys: [publicKey] }],
      hostKeys: { ed25519: privateKey },
      scripts: { before: ["echo hunter2"], after: ["echo hunter2"], firstBoot: ["echo hunter2"] },
    });
    assert.equal(profile, profileOf({}));
  });
});

describe("what Agama knows by other names", () => {
  const locales = {
    "C.UTF-8": "en_US.UTF-8",
    de_DE: "de_DE.UTF-8",
    "de_DE.utf8": "de_DE.UTF-8",
    "sr_RS@latin": "sr_RS.UTF-8",
  };
  for (const [locale, language] of Object.entries(locales)) {
    it(`has the language of ${locale}`, () => {
      assert.equal(at(profileOf({ locale }), "localization", "language"), language);
    });
  }

  for (const [timezone, told] of [
    ["Etc/UTC", "UTC"],
    ["Zulu", "UTC"],
    ["Europe/Berlin", "Europe/Berlin"],
    ["US/Eastern", "America/New_York"],
  ] as const) {
    it(`has the time zone ${timezone}`, () => {
      assert.equal(at(profileOf({ timezone }), "localization", "timezone"), told);
    });
  }

  it("keeps the product's own patterns, such as SELinux's, beside those that are asked for", () => {
    assert.deepEqual(at(profileOf({ groups: ["kvm_server"] }), "software", "patterns"), { add: ["kvm_server"] });
    assert.equal(at(profileOf({}), "software", "patterns"), undefined);
  });

  it("leaves IPv4 on where search domains or IPv4 name servers would be refused without it", () => {
    const addresses = ["2001:db8::2/64"];
    const methodOf = (more: object) => {
      const interfaces = [{ addresses, ...more }];
      return at(profileOf({ network: { interfaces } }), "network", "connections", 0, "method4");
    };
    assert.deepEqual(
      [{}, { dns: ["2001:db8::1"] }, { dns: ["192.0.2.1"] }, { search: ["lab.example"] }].map(methodOf),
      ["disabled", "disabled", "auto", "auto"],
    );
  });
});

describe("an own template", () => {
  it("gets the hand-over as the last of its scripts", () => {
    const own = '{ "product": { "id": "x" }, "user": {}, "scripts": { "pre": [], "post": [{ "name": "mine" }] } }';
    const post = at(profileOf({}, own), "scripts", "post") as { name: string; content?: string }[];
    assert.deepEqual(
      post.map(({ name }) => name),
      ["mine", "kvm-deploy"],
    );
    assert.match(post[1]?.content ?? "", /^#!\/bin\/sh\nexec sh \/run\/initramfs\/live\/kvm-deploy\/finish\n$/);
  });

  const product = '"product": { "id": "x" }';
  const wrong = [
    { template: "{\n,}", told: /^template: own\.json\.hbs:2: / },
    {
      template: `{ "root": { "password": "hunter2" }, ${product} ]`,
      told: /^template: own\.json\.hbs:1: (?!.*hunter2)/,
    },
    {
      template: `{ ${product},\n "root": { "password": hunter2 } }`,
      told: /^template: own\.json\.hbs:\d: this is YAML, but no JSON$/,
    },
    { template: '{ "root": {} }', told: /^template: own\.json\.hbs:1: product: / },
    {
      template: '{\n"product": { "id": "" }, "root": {} }',
      told: /^template: own\.json\.hbs:2: product\.id: is empty/,
    },
    { template: `{ ${product} }`, told: /^template: own\.json\.hbs:1: the profile has neither `root` nor `user`/ },
    {
      template: `{ ${product}, "root": {},\n "scripts": { "post": 1 } }`,
      told: /^template: own\.json\.hbs:2: scripts\.post: /,
    },
    {
      template: `{ ${product}, "root": {},\n\n "sofware": {} }`,
      told: /:3: sofware: there is no such key; did you mean "software"\?$/,
    },
  ];
  for (const { template, told } of wrong) {
    it(`is refused: ${told.source}`, () => {
      assert.throws(
        () => profileOf({}, template),
        (error: Error) => told.test(error.message) || assert.fail(error.message),
      );
    });
  }
});

describe("the boot arguments of Agama", () => {
  it("name script and profile where the live system has the ISO, and end by powering off", () => {
    assert.deepEqual(answersTo({}).bootArguments, [
      "inst.script=file:///run/initramfs/live/kvm-deploy/start",
      "inst.auto=file:///run/initramfs/live/kvm-deploy/profile.json",
      "inst.finish=poweroff",
      "systemd.unit=multi-user.target",
      "panic=10",
      "console=tty0",
      "console=ttyS0,115200",
    ]);
  });

  it("name files that are on the ISO", () => {
    const { iso, bootArguments } = answersTo({});
    for (const argument of bootArguments.slice(0, 2)) {
      const file = argument.replace(/^.*\/live\//, "");
      assert.ok(
        iso.some((added) => added.path === file),
        file,
      );
    }
  });
});

describe("what Agama can't do is told with its path", () => {
  const cases: readonly { readonly given: Given; readonly told: RegExp }[] = [
    { given: { agama: { product: undefined } }, told: /^agama\.product: is missing: name the product/ },
    { given: { disk: { layout: "custom" } }, told: /^system\.disk\.layout: custom needs .*`agama\.storage`$/ },
    { given: { agama: { storage: {} } }, told: /^agama\.storage: is of no use to the layout whole/ },
    {
      given: { disk: { layout: "raid1" } },
      told: /^system\.disk\.devices: is missing: name the disks of raid1, such as/,
    },
    ...["GMT", "Etc/GMT-1"].map((timezone) => ({
      given: { timezone },
      told: new RegExp(`^system\\.timezone: "${timezone}" is unknown to Agama; name a region's city`),
    })),
    { given: { mirror: "http://m/" }, told: /^system\.mirror: is not for Agama, .*`agama\.repositories`$/ },
    { given: { proxy: "http://p:1" }, told: /^system\.proxy: is not known to every Agama; .*`kernelArguments`$/ },
  ];
  for (const { given, told } of cases) {
    it(told.source, () => {
      const { system, own } = optionsOf(given);
      const [first, ...others] = agama.limits(system, own);
      assert.match(`${first?.property ?? ""}: ${first?.reason ?? ""}`, told);
      assert.deepEqual(others, []);
    });
  }
});
