import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { onOneLine } from "../../../provider/install/debian/recipe";
import { slipsInRecipe } from "../../../provider/install/debian/slips";

/** Like the layout of a hardened server, with comments and spaces as people write them. */
const good = `site ::  # the name
\t538 538 538 free $iflabel{ gpt } $reusemethod{ } method{ efi } format{ } .   \\
  500 500 500 ext4 $primary{ } $bootable{ } method{ format } format{ } use_filesystem{ } filesystem{ ext4 } mountpoint{ /boot } .\r
  1000 2000 -1 ext4 $defaultignore{ } $primary{ } method{ lvm } vg_name{ site } . # the group
  800 3000 1500 ext4 $lvmok{ } in_vg{ site } lv_name{ root } method{ format } format{ } use_filesystem{ } filesystem{ ext4 } label{ ROOT } mountpoint{ / } .
  100 500 30% xfs $lvmok{ } in_vg{ site } lv_name{ var } method{ format } format{ } use_filesystem{ } filesystem{ xfs } mountpoint{ /var } options/nodev{ nodev } .
  64 512 200% linux-swap $lvmok{ } in_vg{ site } lv_name{ swap } method{ swap } format{ } .
`;

describe("an expert recipe", () => {
  it("may have comments, tabs, backslashes and Windows line ends", () => {
    assert.deepEqual(slipsInRecipe(onOneLine(good), "lvm"), []);
  });

  it("may have two parts for one mount point, of which the installer takes one by the partition table", () => {
    const parts = ["gpt", "msdos"].map((label) => `1 1 1 ext4 $iflabel{ ${label} } mountpoint{ / } .`);
    assert.deepEqual(slipsInRecipe(`a :: ${parts.join(" ")}`, "regular"), []);
  });

  it("has its root in an array's recipe where it makes arrays", () => {
    assert.deepEqual(slipsInRecipe("a :: 1 1 1 raid $primary{ } method{ raid } raidid{ 1 } .", "raid"), []);
  });

  it("may leave the volume group to the answers", () => {
    assert.deepEqual(slipsInRecipe(onOneLine(good.replace("vg_name{ site }", "")), "lvm", "site"), []);
  });

  const slips: [change: (text: string) => string, slip: RegExp, method?: string][] = [
    [(text) => text.replace("site ::", "site"), /^has no name, which " ::" ends/],
    [
      (text) => text.replace("in_vg{ site } lv_name{ root }", "in_vg { site } lv_name{ root }"),
      /^the part "800 3000 1500 ext4": a space stands between "in_vg" and its brace; write "in_vg\{ … \}"$/,
    ],
    [(text) => text.replace("mountpoint{ / }", "mountpoint{/ }"), /: "mountpoint\{\/" is not read; write each brace/],
    [(text) => text.replace("mountpoint{ / }", "mountpoint{ /}"), /: "mountpoint\{" is followed by "\/\}"; write each/],
    [
      (text) => text.replace("mountpoint{ / } .", "mountpoint{ / }"),
      /: "100" stands where a part is over; write " \."/,
    ],
    [(text) => text.replace("mountpoint{ / } .", "mountpoint{ / }."), /: "\}\." is one word; write a space/],
    [(text) => text.replace(/\}\s\.\s*$/, "}"), /^the part "64 512 200% linux-swap" has no end; write " \."/],
    [(text) => text.replace("format{ } use_", "format{} use_"), /: "format\{\}" is not read/],
    [(text) => text.replace("$lvmok{ }", "$lvmok"), /: "\$lvmok" has no braces; write "\$lvmok\{ \}"/],
    [(text) => text.replace("{ /boot }", "{ /boot"), /: the brace of "mountpoint\{" is not closed/],
    [(text) => text.replace("{ /boot }", "{ /var }"), /^two parts have the mount point \/var$/],
    [(text) => text.replace(" mountpoint{ / }", ""), /^no part has the mount point of the root/],
    [(text) => text.replace("800 3000 1500", "800 3000 700"), /: the maximum 700 is less than the minimum 800$/],
    [
      (text) => text.replace("538 538 538", "538M 538 538"),
      /: "538M" is not a minimum; write megabytes without a unit/,
    ],
    [(text) => text.replace("1000 2000 -1", "1000 2000 max"), /: "max" is not a maximum/],
    [(text) => text.replace("30% xfs", "30% xsf"), /: "xsf" is not a type; there are: ext2/],
    [(text) => text.replace("filesystem{ xfs }", "filesystem{ xsf }"), /: "xsf" is not a filesystem/],
    [(text) => text.replace("method{ swap }", "method{ swp }"), /: "swp" is not a method; did you mean "swap"\?/],
    [
      (text) => text.replace("options/nodev", "option/nodev"),
      /: option: there is no such key; did you mean "options"\?/,
    ],
    [(text) => text.replace("method{ swap }", "method{ swap } mountpoint{ /s }"), /: swap has no mount point/],
    [
      (text) => text.replace("vg_name{ site }", ""),
      /^the part "800 3000 1500 ext4" is in the volume group "site", which no part makes; add one with method\{ lvm \} vg/,
    ],
    [(text) => text.replaceAll("$lvmok{ } in_vg{ site } ", ""), /^no part is a logical volume; write \$lvmok\{ \}/],
    [
      (text) => text.replace("$primary{ } $bootable{ }", "$lvmok{ } in_vg{ site }"),
      /^the part "500 500 500 ext4" is \/boot as a logical volume, which the installer asks about/,
    ],
    [(text) => text, /is a logical volume, and the method of partitioning is regular; take the method lvm$/, "regular"],
  ];
  for (const [change, slip, method = "lvm"] of slips) {
    it(`with a slip is refused: ${slip.source}`, () => {
      const [first, ...others] = slipsInRecipe(onOneLine(change(good)), method);
      assert.match(first ?? "", slip);
      assert.deepEqual(others, []);
    });
  }
});
