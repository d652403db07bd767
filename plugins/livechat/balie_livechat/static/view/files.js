// Names, sizes and kinds of files.

/** What misleads or cannot be seen: control characters and marks that turn words around. */
const ODD = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** A name as it really is: without marks that would turn `gpj.exe` around. */
export function plainName(name) {
  return String(name ?? "").replace(ODD, "").trim();
}

/** A size in the language's own words: "1,2 MB". */
export function sizeWords(bytes, locale) {
  const [unit, many] = bytes < 1_000_000 ? ["kilobyte", bytes / 1_000] : ["megabyte", bytes / 1e6];
  const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 };
  return new Intl.NumberFormat(locale, style).format(Math.max(many, 0.1));
}

/**
 * Say why a file cannot be sent, before it is tried. The server looks at its bytes as well.
 * @returns {string} a key of the words, or "" where it can
 */
export function refusalOf(file, limits) {
  if (!file.size) return "file_empty";
  if (file.size > limits.file_bytes) return "file_too_large";
  if (!limits.file_types.includes(typeOf(file))) return "file_type";
  return "";
}

/** A file's type: browsers call some by other names, and some not at all. */
function typeOf(file) {
  const told = file.type.split(";")[0].toLowerCase();
  const also = { "image/jpg": "image/jpeg", "audio/x-m4a": "audio/mp4", "audio/mp3": "audio/mpeg" };
  const ending = file.name.split(".").pop().toLowerCase();
  return also[told] ?? (told || ENDINGS[ending] || "");
}

const OFFICE = "application/vnd.openxmlformats-officedocument";
const ENDINGS = {
  docx: `${OFFICE}.wordprocessingml.document`,
  xlsx: `${OFFICE}.spreadsheetml.sheet`,
  m4a: "audio/mp4",
  ogg: "audio/ogg",
  pdf: "application/pdf",
  txt: "text/plain",
  webp: "image/webp",
};
