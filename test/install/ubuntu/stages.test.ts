import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { stageOfLine } from "../../../provider/install/ubuntu/stages";

describe("the stages of an installation", () => {
  it("are told by the journal, in their order", () => {
    const log = readFileSync(path.join(__dirname, "../../media/ubuntu/journal.txt"), "utf8");
    const stages = log.split("\n").flatMap((line) => stageOfLine(line) ?? []);
    assert.deepEqual(stages, [
      "hardware and network",
      "partitioning",
      "partitioning",
      "base system",
      "kernel and boot loader",
      "packages",
      "updates",
      "finishing",
    ]);
  });

  for (const [event, stage] of [
    ["subiquity/Network/apply_autoinstall_config", "hardware and network"],
    ["subiquity/Late/run", "finishing"],
    ["subiquity/Late/run_user_supplied: ", "finishing"],
  ] as const) {
    it(`are told by ${event} of other releases, too`, () => {
      assert.equal(stageOfLine(`Nov 25 10:00:00 ubuntu-server subiquity_event.1417[1417]:   ${event}`), stage);
    });
  }

  for (const line of [
    "",
    "Nov 25 10:00:00 ubuntu-server subiquity_event.1417[1417]:   subiquity/Late/runner",
    "Nov 25 10:00:00 ubuntu-server evil[1]: executing curtin install partitioning step",
    "Nov 25 10:00:00 ubuntu-server subiquity_event.1417[1417]: installing system",
    "Nov 25 10:00:00 ubuntu-server subiquity_log.1417[2001]: executing curtin install extract step",
  ]) {
    it(`none begins at ${JSON.stringify(line.slice(16))}`, () => assert.equal(stageOfLine(line), undefined));
  }
});
