/**
 * npm run picture: records docs/pictures/terminal.svg from the real command, engine and libvirt, with an installer that needs
 * two seconds. Times and random values make each recording another one.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { scratchFolder } from "../iso/host";
import { commandSite } from "../pulumi/command";
import { TmuxTerminal } from "../pulumi/tmux-terminal";
import { quickSource } from "../resources/machine/quick-source";
import { root, site } from "../site";
import { type Frame, terminalPicture } from "./terminal-picture";

const [columns, rows] = [92, 17];
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBY8EHFxogtyN3xx4MytD69Mu3gW0Iwizkm/Mxn/1wIs ann@example.org";

it("records init, preview, up and status", async () => {
  const lab = commandSite(site().connection);
  const terminal = new TmuxTerminal();
  const frames: Frame[] = [];
  /** The reader sees the user's home in place of the test's directory. */
  const shot = async (seconds: number) => {
    const lines = (await terminal.lines(true)).map((line) => line.replaceAll(lab.directory, "/home/ann"));
    const same = JSON.stringify(lines) === JSON.stringify(frames.at(-1)?.lines);
    if (!same && lines.length > 0) frames.push({ lines, seconds });
  };
  const start = async (command: string) => {
    await terminal.type("clear");
    await setTimeout(300);
    await terminal.type(command);
  };
  mkdirSync(path.join(lab.directory, ".ssh"));
  writeFileSync(path.join(lab.directory, ".ssh/id_ed25519.pub"), `${key}\n`);
  await terminal.open({ directory: lab.directory, env: { ...lab.env, HOME: lab.directory } }, [columns, rows]);
  try {
    await start("kvm-deploy init");
    for (const question of [/machine \[web\]:$/, /\[debian:13\]:$/, /SSH public key.*:$/]) {
      await terminal.until(question);
      await terminal.type("");
    }
    await terminal.until(/is written/);
    await shot(3);
    lab.write(withQuickInstaller(readFileSync(path.join(lab.directory, "lab.yaml"), "utf8")));
    await start("kvm-deploy preview");
    await terminal.until(/^\d+ to create/m);
    await shot(3);
    await start("kvm-deploy up");
    await terminal.until(/\[y\/N\]$/);
    await shot(1.5);
    await terminal.type("y");
    while (!/^\d+ (created|failed)/m.test((await terminal.lines()).join("\n"))) {
      await setTimeout(400);
      await shot(0.4);
    }
    await shot(3);
    await start("kvm-deploy status; kvm-deploy preview");
    await terminal.until(/^(nothing to do|\d+ unchanged)/m);
    await shot(4);
  } finally {
    await terminal.close();
    await lab.run("destroy", "--yes");
    lab.remove();
  }
  assert.match(JSON.stringify(frames.at(-1)), /running/);
  const title = "kvm-deploy in a terminal: init, preview, up and status of one machine";
  writeFileSync(path.join(root, "docs/pictures/terminal.svg"), terminalPicture(frames, title, columns));
});

const folder = scratchFolder();

/** The installed system of this installer has no SSH server. */
function withQuickInstaller(text: string): string {
  const { path: file, sha256 } = quickSource(folder, "quick");
  return text
    .replace(/source: .*/, `source: { path: ${file}, sha256: ${sha256} }\n    debian: {}`)
    .replace("wait: ssh", "forceOff: true")
    .replace("size: 10GiB", "size: 1GiB")
    .replace("memory: 2GiB", "memory: 512MiB");
}
