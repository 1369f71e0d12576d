/** What the installer's events, as its journal has them, are to the user; the first that fits counts. */
const stages: readonly (readonly [event: RegExp, stage: string])[] = [
  [/executing curtin install partitioning step|\/stage-partitioning:/, "partitioning"],
  [/executing curtin install extract step|\/stage-extract:/, "base system"],
  [/executing curtin install curthooks step|\/stage-curthooks:/, "kernel and boot loader"],
  [/\/postinstall\/run_unattended_upgrades:/, "updates"],
  [/\/postinstall:/, "packages"],
  // Behind an event without a description, older releases write no colon.
  [/subiquity\/(Network|Mirror|Filesystem)\/apply_autoinstall_config(:|$)/, "hardware and network"],
  [/subiquity\/Late\/run(_user_supplied)?(:|$)/, "finishing"],
];

/** `… subiquity_event.1417[1417]:   subiquity/Install/install/curtin_install/run: executing curtin install extract step` */
export function stageOfLine(line: string): string | undefined {
  const event = /\b(?:subiquity|curtin)_event\.[\d.]+\[\d+\]: +(.*)/.exec(line)?.[1];
  return event === undefined ? undefined : stages.find(([pattern]) => pattern.test(event))?.[1];
}
