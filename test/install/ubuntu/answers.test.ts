import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { parseYaml } from "../../../provider/format/yaml/load";
import { ubuntu } from "../../../provider/install/ubuntu/index";
import { expectGolden } from "../../golden/expect";
import fc, { inheritedNames, lostName } from "../../properties";
import { root } from "../../site";
import { hash } from "../debian/options";
import { makeKeyPair } from "../shared/keys";
import { type Given, optionsOf } from "./options";

function shipped(name: "template" | "table") {
  const file = path.join("provider/install/ubuntu", ubuntu.shipped[name]);
  return { path: file, text: readFileSync(path.join(root, file), "utf8"), isOwn: false };
}

const shippedText = shipped("template").text;

function answersTo(options: Given, template?: string) {
  const own = template === undefined ? shipped("template") : { path: "own.hbs", text: template, isOwn: true };
  const pair = { template: own, table: shipped("table") };
  return ubuntu.answers({ ...optionsOf(options), data: {}, pair, mark: "mark" });
}

function userDataOf(...args: Parameters<typeof answersTo>): string {
  return String(answersTo(...args).iso.find(({ path: file }) => file === "kvm-deploy/nocloud/user-data")?.content);
}

/** What the installer reads of it. */
function readOf(options: Given) {
  return (parseYaml(userDataOf(options), "user-data").value as { autoinstall: Record<string, unknown> }).autoinstall;
}

describe("the shipped template", () => {
  const goldens = globSync("test/golden/ubuntu/*.in.yaml", { cwd: root }).sort();
  assert.ok(goldens.length >= 4);
  for (const file of goldens) {
    const name = path.basename(file, ".in.yaml");
    it(`makes of ${name} what is expected`, () => {
      const options = parseYaml(readFileSync(path.join(root, file), "utf8"), file).value as Given;
      const { system, own } = optionsOf(options);
      assert.deepEqual(ubuntu.limits(system, own), []);
      expectGolden(`ubuntu/${name}.user-data.yaml`, userDataOf(options));
    });
  }

  it("holds no key and no user's password: they travel in files", () => {
    const { publicKey, privateKey } = makeKeyPair("-t", "ed25519");
    const secret = { rootKeys: [publicKey], rootPassword: hash, hostKeys: { ed25519: privateKey } };
    assert.equal(userDataOf({ ...secret, users: [{ name: "ann", keys: [publicKey] }] }), userDataOf({}));
    assert.ok(!userDataOf({ users: [{ name: "ann", password: hash }] }).includes(hash));
  });

  it("gives every value on as it is, whatever is in it", () => {
    const texts = fc.string({ unit: "binary", minLength: 1 }).filter((text) => ![lostName, "note"].includes(text));
    fc.assert(
      fc.property(texts, (text) => {
        const userData = { note: text, [text]: [text] };
        const read = readOf({ ubuntu: { userData } })["user-data"] as Record<string, unknown>;
        assert.equal(read["note"], text);
        assert.deepEqual(read[text], [text]);
      }),
      { examples: inheritedNames.map((name) => [name]) },
    );
  });

  it("can't be left by a passphrase", () => {
    const passphrase = `x" }\nshutdown: reboot'{{y}} #$`.replace("\n", " ");
    const { storage, shutdown } = readOf({ disk: { layout: "encrypted", passphrase } });
    const match = { path: "/dev/kvm-deploy-first-disk" };
    assert.deepEqual(storage, { layout: { name: "lvm", "sizing-policy": "all", password: passphrase, match } });
    assert.equal(shutdown, "poweroff");
  });
});

describe("an own template", () => {
  const wrong: [what: string, change: (text: string) => string, message: RegExp][] = [
    [
      "that halts",
      (text) => text.replace("shutdown: poweroff", "shutdown: halt"),
      /^template: own\.hbs:12: autoinstall\.shutdown: must be one of poweroff, reboot$/,
    ],
    [
      "without an account",
      (text) => text.replace(/^ {2}user-data:.*$/m, ""),
      /^template: own\.hbs:\d+: autoinstall: has neither `identity` nor `user-data`/,
    ],
    [
      "with a slip of the pen",
      (text) => text.replace("  updates:", "  upadtes:"),
      /^template: own\.hbs:33: autoinstall\.upadtes: there is no such key; did you mean "updates"\?$/,
    ],
    [
      "with a wrong value",
      (text) => text.replace("packages: {{packages}}", "packages: {}"),
      /^template: own\.hbs:29: autoinstall\.packages: must be a list, but is a map$/,
    ],
    [
      "that asks",
      (text) => `${text}  interactive-sections: [network]\n`,
      /^template: own\.hbs:37: autoinstall\.interactive-sections: must be empty: the installation is unattended/,
    ],
    ["that is empty", () => "#cloud-config\n", /^template: own\.hbs:1: it must be a map, but is empty$/],
    [
      "of another program",
      () => "#cloud-config\nusers: []\n",
      /^template: own\.hbs:\d: autoinstall: is missing; it must be a map$/,
    ],
    ["that is no YAML", (text) => `${text}  }\n`, /^template: own\.hbs:37: /],
    [
      "with an unknown variable",
      (text) => `${text}# {{hostnaem}}\n`,
      /^template: own\.hbs:37:3: unknown variable "hostnaem"/,
    ],
  ];
  for (const [what, change, message] of wrong) {
    it(`${what} is refused: ${message.source}`, () => {
      assert.throws(
        () => answersTo({}, change(shippedText)),
        (error: Error) => message.test(error.message) || assert.fail(error.message),
      );
    });
  }

  it("gets what the hand-over and the end need, and keeps the rest, word by word", () => {
    const own = `version: 1
identity: { username: ann, hostname: own, password: "$6$x" }
ssh: { install-server: yes }
storage: &s { layout: { name: lvm } }
late-commands:
  - [sh, -c, "echo 'a: b' > /target/x"]
  - |
    echo two
      lines
shutdown: reboot
# The end.
kernel-parameters: 0644
`;
    const document = userDataOf({}, own);
    assert.match(document, /^#cloud-config\nautoinstall:\n/);
    const { autoinstall } = parseYaml(document, "answers").value as { autoinstall: Record<string, unknown> };
    assert.deepEqual(autoinstall["late-commands"], [
      ["sh", "-c", "echo 'a: b' > /target/x"],
      "echo two\n  lines\n",
      "sh /cdrom/kvm-deploy/finish",
    ]);
    assert.deepEqual(autoinstall["early-commands"], ["sh /cdrom/kvm-deploy/early"]);
    assert.deepEqual(autoinstall["error-commands"], ["sh /cdrom/kvm-deploy/failed"]);
    assert.equal(autoinstall["shutdown"], "poweroff");
    // The installer reads them as true and as an octal number.
    assert.match(document, /"install-server": yes[^]*"kernel-parameters": 0644\n/);
    assert.equal(userDataOf({}, document), document);
  });

  it("keeps what cloud-init is to do in the installer itself", () => {
    const own = shippedText.replace("shutdown: poweroff", "shutdown: reboot");
    assert.match(userDataOf({}, `${own}ssh_authorized_keys: [a]\n`), /\n"ssh_authorized_keys": \[a\]\n$/);
  });

  it("may have keys that are not known here", () => {
    assert.match(userDataOf({}, `${shippedText}  brand-new: 1\n`), /brand-new/);
  });
});

describe("what goes onto an Ubuntu ISO", () => {
  const { iso, initrd, bootArguments } = answersTo({ rootPassword: hash, ntp: false });

  it("lies all in one folder, readable for root only", () => {
    assert.deepEqual(initrd, []);
    for (const { path: file, mode } of iso) {
      assert.match(file, /^kvm-deploy\//);
      assert.equal(mode & 0o077, 0, file);
    }
  });

  it("is found by the kernel's arguments", () => {
    assert.deepEqual(bootArguments, [
      "autoinstall",
      "ds=nocloud;s=/cdrom/kvm-deploy/nocloud/",
      "panic=10",
      "---",
      "console=tty0",
      "console=ttyS0,115200",
    ]);
  });

  it("has scripts that a shell can read", () => {
    for (const name of ["early", "finish", "failed"]) {
      const script = String(iso.find(({ path: file }) => file === `kvm-deploy/${name}`)?.content);
      assert.match(script, /^#!\/bin\/sh\n/);
      assert.match(script, /ttyS1/);
    }
  });

  it("sends the journal without the logins of proxies and archives", () => {
    const script = String(iso.find(({ path: file }) => file === "kvm-deploy/ship-log")?.content);
    const journal = "proxy http://ann:pw@p.example:3128/ and ann@example.org";
    const shell = `journalctl() { echo '${journal}'; }\n${script.replace(" >/dev/ttyS1", "")}`;
    assert.equal(execFileSync("sh", ["-c", shell], { encoding: "utf8" }), `${journal.replace("ann:pw", "...")}\n`);
  });

  it("fills the volume group where the installer has left room in it", () => {
    const script = answersTo({ disk: { layout: "lvm" } }).iso.find(({ path: file }) => file === "kvm-deploy/finish");
    const [, step = ""] = /^(step='size of[^]*?)^finished/m.exec(String(script?.content)) ?? [];
    const callsWith = (vgs: string) =>
      execFileSync("sh", ["-ec", `vgs() { ${vgs}; }\nlvextend() { echo "$@"; }\n${step}`], { encoding: "utf8" });
    assert.equal(callsWith("echo '  120'"), "--quiet --resizefs --extents +100%FREE ubuntu-vg/ubuntu-lv\n");
    assert.equal(callsWith("echo '  0'"), "");
    assert.equal(callsWith("false"), "");
    assert.doesNotMatch(String(iso.find(({ path: file }) => file === "kvm-deploy/finish")?.content), /lvextend/);
  });
});

describe("where no disk is named", () => {
  /** Runs the early commands' script with an lsblk that prints these lines. @returns the answers that the installer reads then */
  function chosenOf(disks: readonly string[], options: Given = {}, hasEfi = false): string {
    const early = String(answersTo(options).iso.find(({ path: file }) => file === "kvm-deploy/early")?.content);
    const folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-early-"));
    try {
      const stub = (name: string, script: string) => {
        writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o700 });
      };
      stub("lsblk", disks.map((line) => `echo '${line}'`).join("\n"));
      stub("systemd-run", "");
      const answers = path.join(folder, "autoinstall.yaml");
      writeFileSync(answers, userDataOf(options));
      const script = early
        .replace("/autoinstall.yaml", answers)
        .replaceAll("/dev/ttyS1", path.join(folder, "told"))
        .replaceAll("/sys/firmware/efi", hasEfi ? folder : path.join(folder, "none"));
      execFileSync("sh", ["-c", script], { env: { PATH: `${folder}:${process.env["PATH"] ?? ""}` } });
      return readFileSync(answers, "utf8");
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  const largest = ["loop0 loop 0 1", "sr0 rom 1 0", "vda disk 0 0", "vdb disk 0 0", "zram0 disk 0 0"];

  for (const layout of ["whole", "lvm"] as const) {
    it(`the first one is taken by the layout ${layout}, not the largest`, () => {
      assert.match(chosenOf(largest, { disk: { layout } }), /storage: .*"match":\{"path":"\/dev\/vda"\}/);
    });
  }

  for (const hasEfi of [false, true]) {
    it(`and there are sizes, the boot loader goes to what ${hasEfi ? "UEFI" : "BIOS"} starts from`, () => {
      const { disk, efi } = bootPlacesIn(chosenOf(largest, { disk: { swap: "1GiB" } }, hasEfi));
      assert.deepEqual({ disk, efi }, { disk: !hasEfi, efi: hasEfi });
    });
  }

  function bootPlacesIn(answers: string) {
    const { autoinstall } = parseYaml(answers, "answers").value as {
      autoinstall: { storage: { config: { id: string; path?: string; grub_device?: unknown }[] } };
    };
    const actions = new Map(autoinstall.storage.config.map((action) => [action.id, action]));
    assert.equal(actions.get("disk-0")?.path, "/dev/vda");
    return { disk: actions.get("disk-0")?.grub_device, efi: actions.get("efi-0")?.grub_device };
  }

  it("a disk that is named stays", () => {
    assert.match(chosenOf(largest, { disk: { devices: ["/dev/vdb"] } }), /"path":"\/dev\/vdb"/);
  });

  it("and there is none, that is told, and the installation ends", () => {
    assert.throws(() => chosenOf(["sr0 rom 1 0", "fd0 disk 1 0"]));
  });
});
