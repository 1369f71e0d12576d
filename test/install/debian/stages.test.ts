import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { stageOfLine } from "../../../provider/install/debian/stages";

describe("the stages of an installation", () => {
  it("are told by the log of Debian 13, in their order", () => {
    const log = readFileSync(path.join(__dirname, "../../media/debian/13/installer-log.txt"), "utf8");
    const stages = log.split("\n").flatMap((line) => {
      const stage = stageOfLine(line);
      return stage === undefined ? [] : [`${/[\d:]{8}/.exec(line)?.[0] ?? ""} ${stage}`];
    });
    assert.deepEqual(stages, [
      "05:39:59 hardware and network",
      "05:40:15 hardware and network",
      "05:40:16 hardware and network",
      "05:40:16 hardware and network",
      "05:40:52 partitioning",
      "05:41:04 partitioning",
      "05:41:26 base system",
      "05:44:20 packages",
      "05:44:27 packages",
      "05:44:38 boot loader",
      "05:45:08 finishing",
    ]);
  });

  const others = [
    "",
    "Nov 25 05:41:04 main-menu[2156]: INFO: Menu item 'partman-base' succeeded",
    "Nov 25 05:41:04 evil[1]: Menu item 'partman-base' selected",
    "Nov 25 05:41:04 main-menu[2156]: INFO: Menu item 'toString' selected",
    "Nov 25 05:40:48 main-menu[2156]: INFO: Menu item 'user-setup-udeb' selected",
  ];
  for (const line of others) {
    it(`none begins at ${JSON.stringify(line.slice(16))}`, () => assert.equal(stageOfLine(line), undefined));
  }
});
