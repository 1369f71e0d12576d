/** Modes in which libvirt creates the bridge, and provides DHCP and DNS. */
export function hasOwnBridge(mode: string): boolean {
  return ["nat", "isolated", "route", "open"].includes(mode);
}
