import type { z } from "zod";

interface Candidate {
  readonly disks: readonly { readonly volume: string }[];
  readonly nics: readonly { readonly address?: string | undefined; readonly mac?: string | undefined }[];
  readonly installer?: string | undefined;
  readonly wait: string;
}

/** What no single field can say of itself. */
export function machineRules(machine: Candidate, context: z.core.$RefinementCtx): void {
  const report = (path: (string | number)[], message: string) =>
    context.addIssue({ code: "custom", path, message, input: machine });
  unique(
    machine.disks.map(({ volume }) => volume),
    (index, first) =>
      report(
        ["disks", index, "volume"],
        `${machine.disks[index]?.volume ?? ""} is disks[${first}] already; name each volume once`,
      ),
  );
  for (const field of ["address", "mac"] as const) {
    unique(
      machine.nics.map((nic) => nic[field]),
      (index, first) =>
        report(
          ["nics", index, field],
          `${machine.nics[index]?.[field] ?? ""} is given to nics[${first}] already; choose another`,
        ),
    );
  }
  if (machine.installer !== undefined && machine.disks.length === 0)
    report(["disks"], "is empty: an installation needs a disk");
  if (machine.wait === "ssh" && machine.nics.length === 0)
    report(["wait"], '"ssh" needs a network interface; add one to nics, or wait for "none"');
}

function unique(values: readonly (string | undefined)[], report: (index: number, first: number) => void): void {
  values.forEach((value, index) => {
    const first = values.indexOf(value);
    if (value !== undefined && first < index) report(index, first);
  });
}
