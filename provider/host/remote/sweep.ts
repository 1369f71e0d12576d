import { quote } from "./quote";

/**
 * Removes temporary files of dead processes from a directory. Only those of the shell's own process namespace are certain;
 * programs on the host itself remove the others.
 */
export function sweepScript(directory: string): string {
  return `(cd -P -- ${quote(directory)} && own=$(readlink /proc/self/ns/pid) && own=\${own#*[} && own=\${own%]} &&
  for name in .kvm-deploy-"$own"-*-*-*; do
    id=\${name#.kvm-deploy-"$own"-}; pid=\${id%%-*}; id=\${id#*-}; start=\${id%%-*}
    case \${id#*-} in *[!0-9a-f]*) continue ;; esac
    [ "$(stat -c %u -- "$name" 2>/dev/null)" = "$(id -u)" ] || continue
    if read -r stat 2>/dev/null < "/proc/$pid/stat"; then
      set -- \${stat##*) }
      shift 19
      [ "$1" != "$start" ] || continue
    fi
    rm -rf -- "$name"
  done)`;
}
