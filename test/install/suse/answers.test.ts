import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { childrenOf, type Element, find, parse, textOf } from "../../../provider/format/xml";
import { parseYaml } from "../../../provider/format/yaml/load";
import { suse } from "../../../provider/install/suse/index";
import { expectGolden } from "../../golden/expect";
import { root } from "../../site";
import { hash } from "../debian/options";
import { makeKeyPair } from "../shared/keys";
import { type Given, optionsOf } from "./options";

function shipped(name: "template" | "table") {
  const file = path.join("provider/install/suse", suse.shipped[name]);
  return { path: file, text: readFileSync(path.join(root, file), "utf8"), isOwn: false };
}

function answersTo(options: Given, template?: string) {
  const own = template === undefined ? shipped("template") : { path: "own.hbs", text: template, isOwn: true };
  return suse.answers({
    ...optionsOf(options),
    data: {},
    pair: { template: own, table: shipped("table") },
    mark: "mark",
  });
}

function profileOf(...args: Parameters<typeof answersTo>): string {
  return String(answersTo(...args).initrd.find(({ path: file }) => file === "autoinst.xml")?.content);
}

function goldenOptions(name: string): Given {
  const file = `test/golden/suse/${name}.in.yaml`;
  return parseYaml(readFileSync(path.join(root, file), "utf8"), file).value as Given;
}

/** Elements whose children are a list, by AutoYaST's rule that all of them have one name, and none is nameless text. */
function listsIn(element: Element): Element[] {
  const own = element.attributes["config:type"] === "list" ? [element] : [];
  return [...own, ...childrenOf(element).flatMap(listsIn)];
}

describe("the shipped template", () => {
  const goldens = globSync("test/golden/suse/*.in.yaml", { cwd: root }).map((file) => path.basename(file, ".in.yaml"));
  assert.ok(goldens.length >= 4);
  for (const name of goldens.sort()) {
    it(`makes of ${name} the profile that is expected`, () => {
      const { system, own } = optionsOf(goldenOptions(name));
      assert.deepEqual(suse.limits(system, own), []);
      expectGolden(`suse/${name}.autoyast.xml`, profileOf(goldenOptions(name)));
    });

    it(`makes of ${name} lists of one kind of item, and no section twice`, () => {
      const profile = parse(profileOf(goldenOptions(name)));
      for (const list of listsIn(profile)) {
        assert.equal(new Set(childrenOf(list).map((child) => child.name)).size, 1, list.name);
      }
      const sections = childrenOf(profile).map((section) => section.name);
      assert.equal(new Set(sections).size, sections.length);
    });
  }

  it("names a route's interface as YaST's schema has it, for YaST stands still at what is against it", () => {
    const routes = [...profileOf(goldenOptions("server")).matchAll(/<route>(.*?)<\/route>/gs)];
    assert.equal(routes.length, 2);
    for (const [, route = ""] of routes) {
      const names = childrenOf(parse(`<route>${route}</route>`)).map(({ name }) => name);
      assert.deepEqual(names, ["destination", "netmask", "device", "gateway"]);
    }
  });

  it("gives the host name with its domain, for YaST doesn't read the element for the domain any more", () => {
    const nameIn = (given: Given) => /<hostname>.*<\/hostname>/.exec(profileOf(given))?.[0];
    assert.equal(nameIn({ hostname: "web", domain: "example.org" }), "<hostname>web.example.org</hostname>");
    assert.equal(nameIn({ hostname: "web" }), "<hostname>web</hostname>");
    assert.doesNotMatch(profileOf({ domain: "example.org" }), /<domain>/);
  });

  it("asks for no address of an interface whose bond has it", () => {
    const interfaces = [bondOf(2), { name: "eth1" }, { name: "eth2" }];
    const protocols = [...profileOf({ network: { interfaces } }).matchAll(/<bootproto>(.*)<\/bootproto>/g)];
    assert.deepEqual(
      protocols.map(([, protocol]) => protocol),
      ["dhcp", "none", "dhcp"],
    );
  });

  it("always says whether packets are passed on, for YaST writes that in any case", () => {
    const forwardingOf = (given: Given) =>
      [...profileOf(given).matchAll(/<ipv[46]_forward config:type="boolean">.*<\/ipv[46]_forward>/g)].map(([line]) =>
        textOf(parse(line)),
      );
    assert.deepEqual(forwardingOf({}), ["false", "false"]);
    assert.deepEqual(forwardingOf({ forwarding: { ipv4: true } }), ["true", "false"]);
    assert.deepEqual(forwardingOf({ forwarding: { ipv6: true } }), ["false", "true"]);
  });

  it("has no list of packages where there are none: YaST's schema takes no empty one", () => {
    assert.doesNotMatch(profileOf({ packages: [] }), /<packages/);
  });

  it("asks for chrony where there are time servers", () => {
    assert.match(profileOf({ packages: [], ntp: ["ntp.example.org"] }), /<package>chrony<\/package>/);
  });

  describe("of a SLES product", () => {
    const partsOf = (given: Given["suse"], element: RegExp) =>
      [...profileOf({ suse: { product: "SLES", ...given } }).matchAll(element)].map(([, text]) => text);
    const folders = /<product_dir>(.*)<\/product_dir>/g;
    const products = /<product_dir>.*\n *<product>(.*)<\/product>/g;
    const registered = /<addon>\s*<name>(.*)<\/name>\s*<\/addon>/g;

    it("takes the base module from the ISO", () => {
      assert.deepEqual(partsOf({}, /<media_url>(.*)<\/media_url>/g), ["relurl://"]);
      assert.deepEqual(partsOf({}, folders), ["/Module-Basesystem"]);
      assert.deepEqual(partsOf({}, products), ["sle-module-basesystem"]);
    });

    it("takes others in their order, before further repositories", () => {
      const given = {
        modules: ["sle-module-web-scripting", "sle-module-sap-applications", "sle-module-python3"],
        repositories: [{ url: "http://mirror.example.org/", folder: "/own" }],
      };
      const expected = ["/Module-Web-Scripting", "/Module-SAP-Applications", "/Module-Python3", "/own"];
      assert.deepEqual(partsOf(given, folders), expected);
      assert.deepEqual(partsOf(given, products), given.modules);
    });

    it("registers its modules where it is registered, and takes none from the ISO", () => {
      const registration = { code: "CODE" };
      assert.deepEqual(partsOf({ registration }, registered), ["sle-module-basesystem"]);
      assert.deepEqual(partsOf({ registration }, folders), []);
      const modules = ["sle-module-basesystem", "sle-ha"];
      assert.deepEqual(partsOf({ registration, modules }, registered), modules);
      assert.deepEqual(partsOf({ registration, modules: [] }, /(<addons)/g), []);
    });

    it("of Leap's there is no module", () => {
      assert.doesNotMatch(profileOf({ suse: { product: "Leap" } }), /<add-?on/);
      assert.doesNotMatch(profileOf({}), /<add-?on/);
    });
  });

  it("hands values over as they are", () => {
    const { passphrase = "" } = goldenOptions("server").disk ?? {};
    assert.equal(textOf(parse(profileOf(goldenOptions("server"))), "partitioning/drive/partitions/partition"), "");
    const keys = profileOf(goldenOptions("server")).match(/<crypt_key>.*<\/crypt_key>/)?.[0] ?? "";
    assert.equal(textOf(parse(keys)), passphrase);
  });

  it("holds no key and no user's password: they travel in files", () => {
    const { publicKey, privateKey } = makeKeyPair("-t", "ed25519");
    const profile = profileOf({
      rootKeys: [publicKey],
      users: [{ name: "ann", password: hash, keys: [publicKey] }],
      hostKeys: { ed25519: privateKey },
      scripts: { before: ["echo hunter2"], after: ["echo hunter2"], firstBoot: ["echo hunter2"] },
    });
    assert.equal(profile, profileOf({}));
  });
});

describe("an own template", () => {
  const sourceOf = (profile: string, list: string) =>
    childrenOf(find(parse(profile), `scripts/${list}`), "script").map((script) => textOf(script, "source"));

  it("gets the scripts of the hand-over and the mode that it needs, and keeps its own", () => {
    const own = `<!-- sh /kvm-deploy/start -->
<profile>
  <general t="map"><mode><confirm t="boolean">true</confirm></mode></general>
  <scripts><post-scripts t="list"><script><source><![CDATA[sh /kvm-deploy/copy && a < b]]></source></script></post-scripts>
    <pre-scripts t="list"><script><source>mine</source></script></pre-scripts></scripts>
</profile>`;
    const profile = profileOf({}, own);
    assert.deepEqual(sourceOf(profile, "pre-scripts"), ["sh /kvm-deploy/start", "mine"]);
    assert.deepEqual(sourceOf(profile, "chroot-scripts"), ["sh /kvm-deploy/copy"]);
    assert.deepEqual(sourceOf(profile, "post-scripts"), ["sh /kvm-deploy/copy && a < b"]);
    const mode = find(parse(profile), "general/mode");
    assert.deepEqual([textOf(mode, "halt"), textOf(mode, "confirm")], ["true", "false"]);
    assert.match(profile, /<!\[CDATA\[sh \/kvm-deploy\/copy && a < b\]\]>/);
    assert.equal(profileOf({}, profile), profile);
  });

  it("may have elements of one tag, and the other spelling of types", () => {
    const profile = profileOf({}, '<profile xmlns:config="c"><general/><scripts/></profile>');
    assert.match(profile, /<halt config:type="boolean">true<\/halt>/);
    assert.equal(sourceOf(profile, "pre-scripts").length, 1);
  });

  const wrong = [
    { template: "<profile>\n<a>\n</profile>", told: /^template: own\.hbs:3: this is not XML; close each element/ },
    ...["<hunter2", "</hunter2>", "<hunter2 x=hunter3/>", "<![CDATA[hunter2", "&#xhunter2;"].map((secret) => ({
      template: `<profile><users>\n<user_password>${secret}</user_password></users></profile>`,
      told: /^template: own\.hbs:\d: this is not XML; close each element, and write < as &lt; and & as &amp; in texts$/,
    })),
    {
      template: "\n<autoinstall></autoinstall>",
      told: /:2: the element must be <profile>, not <autoinstall>$/,
    },
    {
      template: "<profile>\n<sofware/></profile>",
      told: /:2: sofware: there is no such key; did you mean "software"\?$/,
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

describe("the proxy", () => {
  const given: Given = {
    proxy: "http://ann:hunter;2@proxy.example.org:3128",
    suse: { repositories: [{ url: "http://mirror.example.org/" }] },
  };

  it("is told to linuxrc in a file of the initrd, for the profile's is not the installer's", () => {
    const fileOf = (options: Given) =>
      answersTo(options).initrd.find(({ path: file }) => file.startsWith("etc/linuxrc.d/"));
    assert.equal(fileOf(given)?.content, "proxy: http://ann:hunter%3B2@proxy.example.org:3128/\n");
    assert.equal(fileOf({}), undefined);
  });

  it("is no boot argument, for it may hold a password", () => {
    assert.doesNotMatch(answersTo(given).bootArguments.join(" "), /hunter|proxy/);
  });
});

describe("the boot arguments of YaST", () => {
  it("name the profile of the initrd, and give the new system its consoles", () => {
    assert.deepEqual(answersTo({}).bootArguments, [
      "autoyast=file:///autoinst.xml",
      "textmode=1",
      "panic=10",
      "console=tty0",
      "console=ttyS0,115200",
    ]);
  });

  it("bring up the network where packages come from it", () => {
    const repositories = [{ url: "http://mirror.example.org/" }];
    const networkOf = (given: Given) => answersTo({ ...given, suse: { repositories } }).bootArguments[3];
    assert.equal(networkOf({}), "ifcfg=*=dhcp");
    const fixed = { name: "eth0", addresses: ["10.0.0.2/24"], gateway: "10.0.0.1", dns: ["10.0.0.1", "9.9.9.9"] };
    assert.equal(networkOf({ network: { interfaces: [fixed] } }), "ifcfg=eth0=10.0.0.2/24,10.0.0.1,10.0.0.1 9.9.9.9");
    assert.equal(networkOf({ network: { interfaces: [{ addresses: ["10.0.0.2/24"] }] } }), "ifcfg=*=10.0.0.2/24");
    const byMac = { name: "lan", mac: "52:54:00:12:34:56" };
    assert.equal(networkOf({ network: { interfaces: [byMac] } }), "ifcfg=52:54:00:12:34:56=dhcp");
    const six = {
      name: "eth0",
      addresses: ["2001:db8::2/64", "10.0.0.2/24"],
      gateway: "10.0.0.1",
      gateway6: "fe80::1",
    };
    assert.equal(networkOf({ network: { interfaces: [six] } }), "ifcfg=eth0=2001:db8::2/64,fe80::1");
  });
});

function bondOf(count: number) {
  return { name: "bond0", bond: { interfaces: Array.from({ length: count }, (_none, index) => `eth${index}`) } };
}

describe("what AutoYaST can't do is told with its path", () => {
  const cases: readonly { readonly given: Given; readonly told: RegExp }[] = [
    { given: { disk: { layout: "custom" } }, told: /^system\.disk\.layout: custom is done by a `template`/ },
    {
      given: { disk: { layout: "raid1" } },
      told: /^system\.disk\.devices: is missing: name the disks of raid1, such as/,
    },
    { given: { mirror: "http://m/" }, told: /^system\.mirror: is not for AutoYaST, .*`suse\.repositories`$/ },
    { given: { proxy: "http://p:1" }, told: /^system\.proxy: is of use to/ },
    {
      given: { network: { interfaces: [{ mac: "52:54:00:12:34:56" }] } },
      told: /^system\.network\.interfaces\[0\]\.name: is missing/,
    },
    {
      given: { suse: { product: "SLES", modules: ["sle-module-basesystem", "sle-ha"] } },
      told: /^suse\.modules\[1\]: is no module of the ISO/,
    },
    {
      given: { network: { interfaces: [bondOf(2)] }, suse: { registration: { code: "CODE" } } },
      told: /^system\.network\.interfaces\[0\]\.bond: can't be the installer's/,
    },
    {
      given: {
        network: { interfaces: [{ name: "vlan5", vlan: { id: 5, link: "eth0" } }] },
        suse: { repositories: [{ url: "http://m/" }] },
      },
      told: /^system\.network\.interfaces\[0\]\.vlan: can't be the installer's/,
    },
    {
      given: { network: { interfaces: [bondOf(11)] } },
      told: /^system\.network\.interfaces\[0\]\.bond\.interfaces: has more than the 10 that AutoYaST takes$/,
    },
  ];
  it("a bond may have ten interfaces", () => {
    const { system, own } = optionsOf({ network: { interfaces: [bondOf(10)] } });
    assert.deepEqual(suse.limits(system, own), []);
  });

  for (const { given, told } of cases) {
    it(told.source, () => {
      const { system, own } = optionsOf(given);
      const [first, ...others] = suse.limits(system, own);
      assert.match(`${first?.property ?? ""}: ${first?.reason ?? ""}`, told);
      assert.deepEqual(others, []);
    });
  }
});
