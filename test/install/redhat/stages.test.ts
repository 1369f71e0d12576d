import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { redhat } from "../../../provider/install/redhat/index";

describe("the stage of Anaconda's installation", () => {
  const lines = [
    { line: "11:02:03,004 INF installation: Queue started: Early storage configuration (2/22)", stage: "partitioning" },
    {
      line: "11:02:03,004 INFO pyanaconda.modules.boss.installation: Queue started: Payload installation (5/22)",
      stage: "packages",
    },
    { line: "11:02:03,004 INF installation: Queue started: Post installation scripts (21/22)", stage: "finishing" },
    { line: "11:02:03,004 INF installation: Queue started: User creation (13/22)", stage: undefined },
    { line: "11:02:03,004 INF installation: Task started: Payload installation (5/60)", stage: undefined },
    { line: "Payload installation", stage: undefined },
  ];
  for (const { line, stage } of lines) {
    it(`after ${JSON.stringify(line.slice(13))} is ${stage ?? "what it was"}`, () => {
      assert.equal(redhat.stageOf(line), stage);
    });
  }
});
