/**
 * A guest of one sector: it looks up the first virtio disk on the PCI bus, and writes to the first serial port, at every
 * tick of the clock, `=` and how many sectors that disk has now (32 bits, the lowest byte first).
 */
export function bootSector(): Buffer {
  const sector = Buffer.alloc(512);
  Buffer.from(code.join(""), "hex").copy(sector);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

const code = [
  "66bb00000080", // mov ebx, 0x80000000: device 0 of bus 0
  "6689d8", // next: mov eax, ebx
  "baf80c", // mov dx, 0xcf8: the PCI bus's address port
  "66ef", // out dx, eax
  "b2fc", // mov dl, 0xfc: its data port
  "66ed", // in eax, dx
  "663df41a0110", // cmp eax, 0x10011af4: virtio, disk
  "7409", // je found
  "6681c300080000", // add ebx, 0x800
  "ebe3", // jmp next
  "6689d8", // found: mov eax, ebx
  "b010", // mov al, 0x10: where its I/O ports are
  "b2f8", // mov dl, 0xf8
  "66ef", // out dx, eax
  "b2fc", // mov dl, 0xfc
  "66ed", // in eax, dx
  "24fc", // and al, 0xfc
  "83c014", // add ax, 0x14: its capacity
  "89c7", // mov di, ax
  "fb", // sti
  "baf803", // again: mov dx, 0x3f8: the serial port
  "b03d", // mov al, '='
  "ee", // out dx, al
  "89fa", // mov dx, di
  "66ed", // in eax, dx
  "b90400", // mov cx, 4
  "baf803", // mov dx, 0x3f8
  "ee", // send: out dx, al
  "66c1e808", // shr eax, 8
  "e2f9", // loop send
  "f4", // hlt: until the clock ticks
  "ebe6", // jmp again
];
