/** One release with everything that is obligatory. */
export const smallCatalogue = `keys:
  mine:
    fingerprint: ${"A".repeat(40)}
    url: https://example.org/key
distributions:
  own:
    latest: "2"
    releases:
      "2":
        family: debian
        folder: https://example.org/2/
        iso: own-2.*.iso
        sums: SHA256SUMS
        keys: [mine]
`;
