// The settings as a line for the command line, quoted so that a shell takes it as it is.

/** Return the line that sets what was tried. Tone and texts are in it where they were changed. */
export function commandFor({ tenant, connection, tried, before }) {
  const values = { theme: JSON.stringify(tried.theme) };
  if (tried.tone !== before.tone) values.tone = tried.tone;
  const texts = JSON.stringify(tried.texts);
  if (texts !== JSON.stringify(before.texts)) values.texts = texts;
  const sets = Object.entries(values).map(([name, value]) => `--set ${name}=${quoted(value)}`);
  return [`balie connection set ${tenant} ${connection}`, ...sets].join(" \\\n    ");
}

function quoted(value) {
  return /^[\w.-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
