// Times in words, by the browser's own knowledge of the language.

const DAY = 86_400_000;

/**
 * Make what tells times in a language.
 * @param {string} locale "nl" or "en"
 * @param {function(string, object=): string} t
 * @param {function(): number} now milliseconds
 */
export function createTimes(locale, t, now = Date.now) {
  const tag = tagOf(locale);
  const clock = new Intl.DateTimeFormat(tag, { hour: "2-digit", minute: "2-digit" });
  const weekday = new Intl.DateTimeFormat(tag, { weekday: "long" });
  const long = new Intl.DateTimeFormat(tag, { weekday: "long", day: "numeric", month: "long" });
  const dated = new Intl.DateTimeFormat(tag, { day: "numeric", month: "long", year: "numeric" });
  const short = new Intl.DateTimeFormat(tag, { day: "numeric", month: "short" });
  const full = new Intl.DateTimeFormat(tag, { dateStyle: "full", timeStyle: "short" });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: "auto", style: "short" });

  /** How many midnights lie between now and then. */
  const days = (at) => Math.round((midnight(new Date(at)) - midnight(new Date(now()))) / DAY);
  const thisYear = (at) => new Date(at).getFullYear() === new Date(now()).getFullYear();

  return {
    clock: (at) => clock.format(new Date(at)),
    full: (at) => full.format(new Date(at)),
    dayKey: (at) => midnight(new Date(at)),

    /** A day's name above its messages: today, yesterday, or the date. */
    day(at) {
      const away = days(at);
      if (away === 0 || away === -1) return capital(relativeDay(away, tag));
      return capital((thisYear(at) ? long : dated).format(new Date(at)));
    },

    /** When somebody is there again: "om 14:00", "morgen om 09:00", "maandag om 09:00". */
    opens(at) {
      const away = days(at);
      const time = clock.format(new Date(at));
      if (away <= 0) return t("at_time", { time });
      const day = away === 1 ? relativeDay(1, tag) : away < 7 ? weekday.format(new Date(at)) : null;
      return t("day_at_time", { day: day ?? long.format(new Date(at)), time });
    },

    /** How long ago, in a list: "nu", "5 min. geleden", "14:02", "gisteren", "3 mrt". */
    ago(at) {
      const minutes = Math.floor((now() - new Date(at)) / 60_000);
      if (minutes < 1) return t("now");
      if (minutes < 60) return relative.format(-minutes, "minute");
      const away = days(at);
      if (away === 0) return clock.format(new Date(at));
      if (away === -1) return relativeDay(-1, tag);
      return (thisYear(at) ? short : dated).format(new Date(at));
    },
  };
}

function relativeDay(away, tag) {
  return new Intl.RelativeTimeFormat(tag, { numeric: "auto" }).format(away, "day");
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function capital(words) {
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

/** The visitor's own kind of English or Dutch where the browser tells, else ours. */
function tagOf(locale) {
  const theirs = (navigator.languages ?? []).find((one) => one.slice(0, 2) === locale);
  return theirs ?? (locale === "nl" ? "nl-NL" : "en-GB");
}
