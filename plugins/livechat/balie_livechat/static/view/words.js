// What the widget says: by key, in the visitor's language, in the tenant's tone or own words.

const BLANK = /\{([a-z_]+)\}/g;
const TONES = /\[([^\]|]*)\|([^\]|]*)\]/g;
const BOOKS = { nl: () => import("./texts/nl.js"), en: () => import("./texts/en.js") };

/**
 * Load the words for these settings.
 * @returns {Promise<function(string, object=): string>} `t(key, values)`. With `values.n`, the
 *   form `<key>_one` is taken where the language has one and n is one.
 */
export async function loadWords(settings) {
  const locale = settings.locale === "en" ? "en" : "nl";
  const { words } = await BOOKS[locale]();
  const rules = new Intl.PluralRules(locale);
  const own = settings.texts ?? {};

  return function t(key, values = {}) {
    const singular = `${key}_one`;
    const isOne = values.n !== undefined && rules.select(values.n) === "one";
    const name = isOne && (own[singular] || words[singular]) ? singular : key;
    const found = own[name] || toned(words[name] ?? name, settings.tone);
    return found.replace(BLANK, (blank, one) => values[one] ?? blank);
  };
}

/** Choose between `[what is said to u|what is said to je]`. */
export function toned(words, tone) {
  return words.replace(TONES, (_, formal, informal) => (tone === "je" ? informal : formal));
}
