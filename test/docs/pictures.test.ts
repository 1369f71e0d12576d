import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { XMLValidator } from "fast-xml-parser";
import { topology } from "../../tools/generate/topology";
import { root } from "../site";
import { terminalPicture } from "./terminal-picture";

describe("each picture of the documents", () => {
  const files = globSync("docs/pictures/*.svg", { cwd: root }).sort();
  it("is one of three", () => assert.equal(files.length, 3));
  for (const file of files)
    it(`${file} is an SVG with a title and a description, for light and dark, and needs no other file`, () => {
      const text = readFileSync(path.join(root, file), "utf8");
      assert.equal(XMLValidator.validate(text), true);
      for (const part of [/<title [^>]*>\S/, /<desc [^>]*>\S/, /prefers-color-scheme: dark/]) assert.match(text, part);
      assert.doesNotMatch(text.replace('xmlns="http://www.w3.org/2000/svg"', ""), /https?:|@import|url\((?!#)/);
    });
});

describe("the picture of networks", () => {
  const networks = { lab: { mode: "nat", ipv4: { subnet: "10.0.0.0/24" } } };
  const machine = { nics: [{ network: "lab", address: "10.0.0.5" }] };

  it("has a network of two examples once, and each machine with its address", () => {
    const text = topology([
      { networks, machines: { web: machine } },
      { networks, machines: { db: { nics: [{ network: "lab", address: "10.0.0.6" }] } } },
    ]);
    assert.equal(text.match(/>lab 10\.0\.0\.0\/24</g)?.length, 1);
    for (const part of [">web<", ">db<", ">10.0.0.5<", ">10.0.0.6<"]) assert.ok(text.includes(part), part);
  });

  it("can't be made of a NIC in an unknown network", () => {
    assert.throws(() => topology([{ networks: {}, machines: { web: machine } }]), /web has a NIC in lab/);
  });
});

describe("the picture of a terminal", () => {
  const frames = [
    { lines: ["$ a <b> & c"], seconds: 1 },
    { lines: ["\u001b[1m\u001b[32mdone\u001b[0m in \u001b[39m1 s"], seconds: 3 },
  ];
  const text = terminalPicture(frames, "A & B", 80);

  it("has the lines with their colours, and nothing that SVG would read", () => {
    assert.ok(text.includes(">$ a &lt;b&gt; &amp; c</text>"));
    assert.ok(text.includes('><tspan class="bold green">done</tspan> in 1 s</text>'));
    assert.equal(XMLValidator.validate(text), true);
  });

  it("shows each frame in its time, and the last one to those who want no movement", () => {
    assert.match(text, /g \{[^}]* 4s step-end/);
    assert.match(text, /@keyframes k1 \{ 0% \{ visibility: hidden \} 25\.00% \{ visibility: visible \}/);
    assert.match(text, /prefers-reduced-motion: reduce\) \{ g \{ animation: none/);
  });
});
