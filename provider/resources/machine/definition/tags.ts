import { childrenOf, el, type Element, find, textOf } from "../../../format/xml";
import { append, type Part } from "./part";

/** Of the tags in the metadata. */
export const tagsNamespace = "urn:kvm-deploy:tags:1";

/** The metadata are always there: a part of them that goes takes nobody else's along. */
export const tags: Part<string[]> = {
  write: (domain, values) => append(domain, el("metadata", {}, tagsXml(values))),
  read: (domain) =>
    childrenOf(find(domain, "metadata/kvm-deploy:tags"), "kvm-deploy:tag").map((tag) => textOf(tag) ?? ""),
};

function tagsXml(values: readonly string[]): Element | undefined {
  if (values.length === 0) return undefined;
  return el(
    "kvm-deploy:tags",
    { "xmlns:kvm-deploy": tagsNamespace },
    ...values.map((tag) => el("kvm-deploy:tag", {}, tag)),
  );
}
