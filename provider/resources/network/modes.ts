/** Modes in which libvirt makes the bridge, and gives addresses and names there. */
export function hasOwnBridge(mode: string): boolean {
  return ["nat", "isolated", "route", "open"].includes(mode);
}
