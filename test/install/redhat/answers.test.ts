import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { parseYaml } from "../../../provider/format/yaml/load";
import type { Release } from "../../../provider/install/family";
import { redhat } from "../../../provider/install/redhat/index";
import { validator } from "../../../provider/install/redhat/validator";
import { expectGolden } from "../../golden/expect";
import { root } from "../../site";
import { hash } from "../debian/options";
import { makeKeyPair } from "../shared/keys";
import { included, written } from "./included";
import { problemsIn, releases, whyNoValidator } from "./ksvalidator";
import { type Given, optionsOf } from "./options";

function shipped(name: "template" | "table") {
  const file = path.join("provider/install/redhat", redhat.shipped[name]);
  return { path: file, text: readFileSync(path.join(root, file), "utf8"), isOwn: false };
}

function answersTo(options: Given, template?: string) {
  const own = template === undefined ? shipped("template") : { path: "own.hbs", text: template, isOwn: true };
  return redhat.answers({
    ...optionsOf(options),
    data: {},
    pair: { template: own, table: shipped("table") },
    mark: "mark",
  });
}

function kickstartOf(...args: Parameters<typeof answersTo>): string {
  return String(answersTo(...args).initrd.find(({ path: file }) => file === "ks.cfg")?.content);
}

function goldenOptions(name: string): Given {
  const file = `test/golden/redhat/${name}.in.yaml`;
  return parseYaml(readFileSync(path.join(root, file), "utf8"), file).value as Given;
}

/** What a release has not, as the family's README says. */
function problemsOf(name: string, { title, version }: Release): string[] {
  if (name === "bond-and-vlan" && version === "8")
    return ["--ipv6-dns-search", "--exclude-weakdeps"].map((option) => `unrecognized arguments: ${option}`);
  if (name === "btrfs" && !title.startsWith("Fedora")) return ["autopart --type=btrfs is not supported"];
  return [];
}

describe("the shipped template", () => {
  const goldens = globSync("test/golden/redhat/*.in.yaml", { cwd: root }).map((file) =>
    path.basename(file, ".in.yaml"),
  );
  assert.ok(goldens.length >= 6);
  for (const name of goldens.sort()) {
    it(`makes of ${name} the kickstart file that is expected`, () => {
      assert.deepEqual(redhat.limits(optionsOf(goldenOptions(name)).system, optionsOf(goldenOptions(name)).own), []);
      expectGolden(`redhat/${name}.kickstart.cfg`, kickstartOf(goldenOptions(name)));
    });

    for (const release of releases) {
      it(`makes of ${name} what ${release.title} can read`, { skip: whyNoValidator }, () => {
        for (const hasEfi of [false, true]) {
          const kickstart = included(kickstartOf(goldenOptions(name)), { hasEfi });
          const problems = problemsIn(kickstart, release).map(({ message }) => message);
          assert.deepEqual(problems, problemsOf(name, release));
        }
      });
    }
  }

  it("holds no key and no user's password: they travel in files", () => {
    const { publicKey, privateKey } = makeKeyPair("-t", "ed25519");
    const kickstart = kickstartOf({
      rootKeys: [publicKey],
      users: [{ name: "ann", password: hash, keys: [publicKey] }],
      hostKeys: { ed25519: privateKey },
      scripts: { before: ["echo hunter2"], after: ["echo hunter2"], firstBoot: ["echo hunter2"] },
    });
    assert.equal(kickstart, kickstartOf({}));
  });
});

describe("an address to install from", () => {
  it("holds no sign that the installer's initrd would take for a quote", () => {
    const kickstart = kickstartOf({
      mirror: "http://m/it's here",
      proxy: `http://ann:a'b"c@p:1`,
      redhat: { repositories: [{ name: "extras", mirrorList: "http://m/'x'" }] },
    });
    const proxy = "--proxy='http://ann:a%27b%22c@p:1'";
    assert.deepEqual(kickstart.match(/^(url|repo) .*$/gm), [
      `url --url='http://m/it%27s%20here' ${proxy}`,
      `repo --name=extras --mirrorlist='http://m/%27x%27' ${proxy}`,
    ]);
  });
});

describe("the network", () => {
  const interfaces = [{ mac: "52:54:00:12:34:56", addresses: ["10.0.0.2/24"] }, { name: "enp2s0" }];
  const kickstart = kickstartOf({ hostname: "web", network: { interfaces } });

  it("is nothing to the initrd, which reads the lines of the file itself", () => {
    const outsideOfScripts = kickstart.replaceAll(/^%pre[^]*?^%end$/gm, "");
    assert.deepEqual(outsideOfScripts.match(/^network.*$/gm), ["network --hostname=web"]);
    assert.match(kickstart, /^%include \/tmp\/kvm-deploy-network\nnetwork --hostname/m);
  });

  it("is set up by the installer", () => {
    assert.match(
      included(kickstart),
      /^network --device=52:54:00:12:34:56 --onboot=yes --activate .*\nnetwork --device=enp2s0 .*\nnetwork --hostname=web$/m,
    );
  });
});

describe("the firewall", () => {
  const lineOf = (services: string[]) => /^firewall.*$/m.exec(kickstartOf({ redhat: { firewall: { services } } }))?.[0];

  it("lets SSH in only where it is named", () => {
    assert.equal(lineOf(["ssh", "http"]), "firewall --enabled --service=ssh,http");
    assert.equal(lineOf(["http"]), "firewall --enabled --service=http --remove-service=ssh");
    assert.equal(lineOf([]), "firewall --enabled --remove-service=ssh");
  });
});

describe("two disks that are mirrored", () => {
  const kickstart = kickstartOf({ disk: { layout: "raid1", devices: ["/dev/vda", "/dev/vdb"] } });

  it("have, for BIOS, a boot loader's partition each", () => {
    const line = "part biosboot --fstype=biosboot --size=1 --ondisk=";
    assert.equal(written(kickstart, "kvm-deploy-boot", { hasEfi: false }).text, `${line}vda\n${line}vdb\n`);
    assert.match(kickstart, /^clearpart .*--disklabel=gpt$/m);
  });

  for (const layout of ["raid1", "raid1-lvm"] as const) {
    it(`have, for UEFI and ${layout}, its partition on each disk, as an array`, () => {
      const mirrored = kickstartOf({ disk: { layout, devices: ["/dev/vda", "/dev/vdb"] } });
      const part = "--size=600 --ondisk=";
      assert.equal(
        written(mirrored, "kvm-deploy-boot", { hasEfi: true }).text,
        [`part raid.91 ${part}vda`, `part raid.92 ${part}vdb`, ""].join("\n") +
          "raid /boot/efi --device=boot_efi --fstype=efi --level=1 raid.91 raid.92\n",
      );
      assert.doesNotMatch(mirrored, /^reqpart/m);
    });
  }
});

describe("a problem's line", () => {
  it("is one of the template, whatever is put before that", () => {
    const { rendered } = answersTo({}, "lang C.UTF-8\npoweroff\n");
    assert.equal(rendered.originOf(rendered.text.split("\n").indexOf("poweroff") + 1), 2);
  });
});

describe("a disk", () => {
  const failed = (what: string) => ({
    exitCode: 1,
    text: "",
    serial: `\nkvm-deploy: failed: there is no disk ${what}\n`,
  });

  it("is the first that is neither removable nor read-only", () => {
    const disks = "sr0 rom 1 0\nzram0 disk 0 0\nvda disk 1 0\nvdb disk 0 1\nvdc disk 0 0\nvdd disk 0 0";
    assert.equal(written(kickstartOf({}), "kvm-deploy-disk", { disks }).text, "ignoredisk --only-use=vdc\n");
  });

  it("that isn't there is told", () => {
    assert.deepEqual(written(kickstartOf({}), "kvm-deploy-disk", { disks: "" }), failed("to install on"));
    const kickstart = kickstartOf({ disk: { devices: ["/dev/nosuch"] } });
    assert.deepEqual(written(kickstart, "", { script: "for disk in" }), failed("/dev/nosuch"));
  });
});

describe("the root", () => {
  const partition = "part swap --recommended\n";
  const volume = "logvol swap --vgname=system --name=swap --recommended\n";
  const cases: readonly { readonly layout: Given["disk"]; readonly root: RegExp; readonly swap: string }[] = [
    { layout: {}, root: /^part \/ --size=4096 --grow$/m, swap: partition },
    { layout: { fileSystem: "xfs" }, root: /^part \/ --size=4096 --grow --fstype=xfs$/m, swap: partition },
    { layout: { layout: "lvm" }, root: /^part pv\.1 --size=4096 --grow$/m, swap: volume },
    {
      layout: { layout: "encrypted", passphrase: "it's a secret", fileSystem: "ext4" },
      root: /^part pv\.1 .*--grow --encrypted --passphrase='it'"'"'s a secret'\nvolgroup system pv\.1\nlogvol \/ .*--grow --fstype=ext4$/m,
      swap: volume,
    },
  ];
  for (const { layout, root: expected, swap } of cases) {
    it(`grows over the whole disk: ${expected.source}`, () => {
      const kickstart = kickstartOf({ disk: layout });
      assert.match(kickstart, expected);
      assert.doesNotMatch(kickstart, /^autopart/m);
      assert.equal(written(kickstart, "kvm-deploy-swap").text, swap);
      assert.deepEqual(written(kickstart, "kvm-deploy-swap", { id: "fedora" }), { exitCode: 0, text: "", serial: "" });
    });
  }
});

describe("what is wrong with a kickstart file", () => {
  const [newest] = releases.slice(-1);

  it("is told with its line by ksvalidator", { skip: whyNoValidator }, () => {
    const linesBefore = kickstartOf({}, "lang").split("\n").indexOf("lang");
    const kickstart = kickstartOf({}, "lang C.UTF-8\nkeybord us\ntimezone --nosuch Etc/UTC\n");
    const problems = problemsIn(kickstart, newest);
    assert.deepEqual(
      problems.map(({ line = 0 }) => line - linesBefore),
      [2, 3],
    );
    assert.match(problems[0]?.message ?? "", /keybord/);
  });

  it("never repeats a value", { skip: whyNoValidator }, () => {
    const lines = [
      "rootpw --iscrypted a {{hostname}}",
      "part / --size={{hostname}}",
      "selinux --{{hostname}}x {{hostname}}",
      "network --bootproto={{hostname}}",
      "rootpw --lock --lock={{hostname}}",
    ];
    const problems = problemsIn(kickstartOf({ hostname: "hunter2" }, `${lines.join("\n")}\n`), newest);
    assert.equal(problems.length, lines.length);
    const messages = problems.map(({ message }) => message).join("\n");
    assert.doesNotMatch(messages.replaceAll("--hunter2x", ""), /hunter2/);
    assert.match(messages, /unrecognized arguments: --hunter2x …\n.*choose from 'dhcp'/);
  });

  const outcomes = [
    {
      what: "is one problem where nobody knows its line",
      stderr: "General kickstart error\n",
      problems: ["General kickstart error"],
    },
    {
      what: "is not an option that is only deprecated",
      stderr: "Ignoring deprecated option on line 24\n",
      problems: [],
    },
  ];
  for (const { what, stderr, problems } of outcomes) {
    it(what, () => {
      const found = validator(undefined).parse({ stdout: "", stderr, exitCode: 1 });
      assert.deepEqual(
        found,
        problems.map((message) => ({ message })),
      );
    });
  }
});

describe("an own template", () => {
  it("needs no line of the hand-over's", () => {
    assert.match(
      kickstartOf({}, "poweroff\n"),
      /^%pre\n.*%end\npoweroff\n\n%pre --erroronfail\n.*%onerror.*%post --nochroot\n.*%end\n$/s,
    );
  });

  it("gets values in quotes where they need any", () => {
    assert.equal(
      kickstartOf({ hostname: "web", rootPassword: hash }, "rootpw --iscrypted {{rootPassword}} --x={{hostname}}\n")
        .split("%end\n")[1]
        ?.split("\n", 1)[0],
      `rootpw --iscrypted '${hash}' --x=web`,
    );
  });
});

describe("the boot arguments of Anaconda", () => {
  it("name the kickstart file of the initrd, and give the new system its consoles", () => {
    assert.deepEqual(answersTo({}).bootArguments, [
      "inst.ks=file:/ks.cfg",
      "inst.cmdline",
      "inst.nosave=all_ks",
      "panic=10",
      "rd.shell=0",
      "rd.emergency=poweroff",
      "console=tty0",
      "console=ttyS0,115200",
    ]);
    assert.match(kickstartOf({}), /^bootloader --append='console=tty0 console=ttyS0,115200'$/m);
  });

  it("leave it out where the user names a console", () => {
    assert.deepEqual(answersTo({ kernelArguments: ["console=tty0", "quiet"] }).bootArguments.slice(6), [
      "console=tty0",
      "quiet",
    ]);
  });
});
