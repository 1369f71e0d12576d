/** The place of an element in a text of XML. */
interface Place {
  /** Names from the root on, such as `profile/general/mode`. */
  readonly path: string;
  readonly start: number;
  /** What is between its tags; undefined for an element of one tag. */
  inner?: { readonly start: number; readonly end: number };
  end: number;
}

/** What is no element, or a tag; an attribute's value may contain ">". */
const markup =
  /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>|<![^>[]*(?:\[[^\]]*\])?[^>]*>|<(\/?)([^\s/>]+)((?:"[^"]*"|'[^']*'|[^"'>])*?)(\/?)>/g;

/** The elements of a well-formed text, in their order. */
function placesIn(text: string): Place[] {
  const places: Place[] = [];
  const open: { readonly place: Place; readonly contentStart: number }[] = [];
  for (const { 0: tag, 1: closes, 2: name, 4: closed, index } of text.matchAll(markup)) {
    if (name === undefined) continue;
    const end = index + tag.length;
    if (closes === "/") {
      const last = open.pop();
      if (last === undefined) continue;
      last.place.inner = { start: last.contentStart, end: index };
      last.place.end = end;
      continue;
    }
    const parent = open.at(-1)?.place.path;
    const place: Place = { path: parent === undefined ? name : `${parent}/${name}`, start: index, end };
    places.push(place);
    if (closed !== "/") open.push({ place, contentStart: end });
  }
  return places;
}

/** The line of the first element at a path, counted from 1; undefined if there is none. */
export function lineOfElement(text: string, path: string): number | undefined {
  const place = placesIn(text).find((one) => one.path === path);
  return place === undefined ? undefined : text.slice(0, place.start).split("\n").length;
}

/** The text with something more as the first content of the element at a path, which exists. Nothing else changes. */
export function withContent(text: string, path: string, content: string): string {
  const place = placesIn(text).find((one) => one.path === path);
  if (place === undefined) return text;
  const { start, end, inner } = place;
  if (inner !== undefined) return `${text.slice(0, inner.start)}${content}${text.slice(inner.start)}`;
  const tag = text.slice(start, end).replace(/\s*\/>$/, ">");
  return `${text.slice(0, start)}${tag}${content}</${path.split("/").at(-1) ?? ""}>${text.slice(end)}`;
}

/** The text without the first element at a path. */
export function withoutElement(text: string, path: string): string {
  const place = placesIn(text).find((one) => one.path === path);
  return place === undefined ? text : text.slice(0, place.start) + text.slice(place.end);
}
