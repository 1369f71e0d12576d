/** Clients of YaST, as its log names them when they start, and what they are to the user. */
const stages: ReadonlyMap<string, string> = new Map(
  Object.entries({
    inst_autoinit: "hardware and network",
    inst_prepdisk: "partitioning",
    inst_kickoff: "packages",
    inst_rpmcopy: "packages",
    save_config_finish: "configuration",
    bootloader_finish: "boot loader",
    copy_logs_finish: "finishing",
  }),
);

/** `2026-… <1> install(2817) [Ruby] yast/wfm.rb:341 Call client /usr/share/YaST2/clients/inst_prepdisk.rb`, or its name alone */
export function stageOfLine(line: string): string | undefined {
  const client = /\bCall client (?:\S*\/)?(\w+)/.exec(line)?.[1];
  return client === undefined ? undefined : stages.get(client);
}
