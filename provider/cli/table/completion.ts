import type { Command } from "../command";

export const completion: Command = {
  name: "completion",
  summary: "prints a shell's completions of kvm-deploy",
  arguments: [{ name: "SHELL", isRequired: true, choices: ["bash", "zsh", "fish"] }],
  options: [],
  description: [
    "For bash: `kvm-deploy completion bash > ~/.local/share/bash-completion/completions/kvm-deploy`. For zsh: the same as a file `_kvm-deploy` in a directory of fpath. For fish: as ~/.config/fish/completions/kvm-deploy.fish.",
  ],
  exits: { 0: "they are printed", 2: "the shell is unknown" },
  load: () => import("../commands/completion.js"),
};
