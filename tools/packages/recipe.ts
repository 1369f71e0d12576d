import { stringify } from "yaml";
import { description, type Format, needs, summary } from "./description";
import type { Stage } from "./stage";
import type { ShellFiles } from "./shell-files";

export interface Sources extends Stage, ShellFiles {
  /** The command as a script, and what explains the configuration directory. */
  readonly command: string;
  readonly configurationReadme: string;
}

/** What nfpm makes a package of, as its configuration in YAML. */
export function recipeOf(format: Format, version: string, sources: Sources): string {
  const completions = format === "deb" ? "vendor-completions" : "site-functions";
  const documents = "/usr/share/doc/kvm-deploy";
  const licenses = format === "deb" ? documents : "/usr/share/licenses/kvm-deploy";
  return stringify({
    name: "kvm-deploy",
    arch: "amd64",
    version,
    ...(format === "rpm" ? { release: "1" } : {}),
    section: "admin",
    maintainer: "The kvm-deploy maintainers",
    // dpkg takes the first line for the summary.
    description: format === "deb" ? `${summary}\n${description}` : description,
    license: "Apache-2.0",
    ...needs[format],
    // One directory for users' files, which contain what only administrators may read.
    contents: [
      { dst: "/etc/kvm-deploy", type: "dir", file_info: { mode: 0o750 } },
      ...file(sources.configurationReadme, "/etc/kvm-deploy/README", 0o644, "config|noreplace"),
      ...file(sources.command, "/usr/bin/kvm-deploy", 0o755),
      { src: sources.library, dst: "/usr/lib/kvm-deploy", type: "tree" },
      ...file(sources.man, "/usr/share/man/man1/kvm-deploy.1.gz", 0o644),
      ...file(sources.bash, "/usr/share/bash-completion/completions/kvm-deploy", 0o644),
      ...file(sources.zsh, `/usr/share/zsh/${completions}/_kvm-deploy`, 0o644),
      ...file(sources.fish, "/usr/share/fish/vendor_completions.d/kvm-deploy.fish", 0o644),
      { src: sources.documents, dst: documents, type: "tree" },
      ...file(sources.license, `${licenses}/${format === "deb" ? "copyright" : "LICENSE"}`, 0o644),
      ...file(sources.notices, `${licenses}/THIRD-PARTY-NOTICES`, 0o644),
    ],
    deb: { compression: "zstd" },
    rpm: { compression: "zstd", summary, buildhost: "localhost", packager: "The kvm-deploy maintainers" },
  });
}

function file(src: string, dst: string, mode: number, type?: string): readonly object[] {
  return [{ src, dst, file_info: { mode }, ...(type === undefined ? {} : { type }) }];
}
