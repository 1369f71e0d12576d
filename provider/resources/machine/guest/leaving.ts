import type { InstallationState } from "./installing";

const completes = "the next `pulumi up` or `pulumi refresh` completes it";

/** The row of a machine whose installation no program waits for. @param runs whether it is to run then */
export function leaving(state: InstallationState, runs: boolean): string {
  switch (state.kind) {
    case "running":
      return `${now(state)}; then the guest powers off, and ${completes}`;
    case "ending":
      return `${now(state)}; ${completes}`;
    case "complete":
      return `${now(state)}; its medium is ejected${runs ? ", and it starts" : ""}`;
    default:
      return now(state);
  }
}

/** What decides what `up` does with an installation that it finds. */
export interface Continued {
  /** Whether `up` waits for the end. */
  readonly waits: boolean;
  /** Whether a failure was reported before. */
  readonly isReported: boolean;
  /** Whether the machine is to run. */
  readonly runs: boolean;
  /** Why what was installed, or is being installed, doesn't count. */
  readonly outdated: "reinstall" | "answers" | "installer" | undefined;
}

/** The same at preview: what `up` does. */
export function continuing(state: InstallationState, up: Continued): string | undefined {
  if (up.outdated === "installer" && state.kind !== "complete")
    return `${now(state)}; up ends the installation, because the machine has no installer any more`;
  if (up.outdated === "reinstall") return `${now(state)}; up installs it again, because \`reinstall\` has another text`;
  switch (state.kind) {
    case "running":
      if (up.outdated === "answers") return `${now(state)}; up starts that again, because the answers have changed`;
      return `${now(state)}; up ${up.waits ? "waits for its end" : "leaves it so"}`;
    case "ending":
      return `${now(state)}; ${up.waits ? "up completes it" : completes}`;
    case "complete":
      return `${now(state)}; up ejects its medium${up.runs ? " and starts it" : ""}`;
    case "failed":
      if (!up.waits && !up.isReported) return `${now(state)}; up reports it`;
      return `${now(state)}; up ${state.isUsed === true ? "refuses to start it again, because the machine runs from its disk" : "starts it again"}`;
    case "not-started":
      return undefined;
  }
}

function now(state: InstallationState): string {
  switch (state.kind) {
    case "running":
      return `is being installed: ${state.stage}`;
    case "ending":
      return "is installed, and powers off";
    case "complete":
      return "is installed";
    case "failed":
      return `its installation failed: ${state.reason}`;
    case "not-started":
      return "its installation is to start";
  }
}
