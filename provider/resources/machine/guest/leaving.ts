import type { InstallationState } from "./installing";

const completes = "the next `pulumi up` or `pulumi refresh` completes it";

/** The row of a machine whose installation no program waits for. */
export function leaving(state: InstallationState): string {
  switch (state.kind) {
    case "running":
      return `is being installed: ${state.stage}; then the guest powers off, and ${completes}`;
    case "ending":
      return `is installed, and powers off; ${completes}`;
    case "complete":
      return "is installed; its medium is ejected, and it starts";
    case "failed":
      return `its installation failed: ${state.reason}`;
    case "not-started":
      return "its installation is to start";
  }
}

/**
 * The same at preview: what `up` does. @param waits whether `up` waits for the end @param isReported whether a failure
 * was reported before
 */
export function continuing(state: InstallationState, waits: boolean, isReported: boolean): string | undefined {
  switch (state.kind) {
    case "running":
      return `is being installed: ${state.stage}; up ${waits ? "waits for its end" : "leaves it so"}`;
    case "ending":
      return `is installed, and powers off; ${waits ? "up completes it" : completes}`;
    case "complete":
      return "is installed; up ejects its medium and starts it";
    case "failed":
      return `its installation failed: ${state.reason}; up ${waits || isReported ? "starts it again" : "reports it"}`;
    case "not-started":
      return undefined;
  }
}
