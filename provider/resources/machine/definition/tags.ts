import { childrenOf, el, type Element, find, textOf } from "../../../format/xml";

/** Of the tags in the metadata. */
export const tagsNamespace = "urn:kvm-deploy:tags:1";

export function tagsXml(tags: readonly string[]): Element | undefined {
  if (tags.length === 0) return undefined;
  return el(
    "kvm-deploy:tags",
    { "xmlns:kvm-deploy": tagsNamespace },
    ...tags.map((tag) => el("kvm-deploy:tag", {}, tag)),
  );
}

export function readTags(domain: Element): string[] {
  return childrenOf(find(domain, "metadata/kvm-deploy:tags"), "kvm-deploy:tag").map((tag) => textOf(tag) ?? "");
}
