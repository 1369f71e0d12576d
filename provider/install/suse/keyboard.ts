import { own } from "../../values/keys";
import { keyboardOf, nameOfKeyboard } from "../shared/names/keyboard";

/** YaST's own names, which are the same in all of its releases for 15, by XKB's. Austria's keyboard is Germany's. */
const keyboards: Readonly<Record<string, string>> = {
  ...{ us: "english-us", "us(intl)": "us-int", "us(dvorak)": "dvorak", gb: "english-uk" },
  ...{ de: "german-deadkey", "de(nodeadkeys)": "german", at: "german-deadkey", "at(nodeadkeys)": "german" },
  ...{ ch: "german-ch", "ch(fr)": "french-ch", fr: "french", ca: "french-ca", "ca(multix)": "cn-latin1" },
  ...{ es: "spanish", "es(ast)": "spanish-ast", latam: "spanish-lat", it: "italian" },
  ...{ pt: "portugese", br: "portugese-br", nl: "dutch", be: "belgian" },
  ...{ dk: "danish", no: "norwegian", se: "swedish", fi: "finnish", is: "icelandic", ee: "estonian", lt: "lithuanian" },
  ...{ cz: "czech", "cz(qwerty)": "czech-qwerty", sk: "slovak", "sk(qwerty)": "slovak-qwerty", pl: "polish" },
  ...{ si: "slovene", hr: "croatian", hu: "hungarian", ro: "romanian", gr: "greek", tr: "turkish" },
  ...{ ru: "russian", ua: "ukrainian", tj: "tajik", jp: "japanese", kr: "korean", tw: "taiwanese", cn: "chinese" },
};

/** What YaST calls the keyboard; undefined for one that it doesn't have, and would take the default for. */
export function yastKeyboardOf(text: string): string | undefined {
  return own(keyboards, nameOfKeyboard(keyboardOf(text)));
}

export const knownKeyboards: readonly string[] = Object.keys(keyboards);
