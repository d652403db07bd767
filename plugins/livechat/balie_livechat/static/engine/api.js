// Balie's HTTP interface, asked by fetch: JSON in and out, and refusals in the server's own words.

const PATIENCE_MS = 20_000;

/** What was refused, or that no answer came: then `status` is 0 and `code` "network". */
export class ApiError extends Error {
  constructor({ status = 0, code = "network", text = "", problems = null, more = {} } = {}) {
    super(text || code);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.text = text;
    this.problems = problems;
    this.retryAfter = more.retryAfter ?? 0;
    this.pollSeconds = more.pollSeconds ?? 0;
  }

  /** Whether the same may be asked again, later. */
  get passes() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/**
 * Ask below `base`. `locale()` is the language that refusals are worded in.
 * `ask` returns the answer's JSON (null where there is none), or the Response itself for `raw`.
 */
export function createApi({ base, locale }) {
  let aheadMs = 0;

  async function ask(method, path, options = {}) {
    const { token, raw, signal, headers = {}, body, patienceMs = PATIENCE_MS, keepalive } = options;
    const sent = { ...headers };
    if (token) sent.Authorization = `Bearer ${token}`;
    if (body !== undefined) sent["Content-Type"] = "application/json";
    const patience = impatient(signal, patienceMs);
    try {
      const response = await fetch(address(path), {
        method,
        headers: sent,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: patience.signal,
        keepalive,
        cache: "no-store",
        credentials: "omit",
        referrerPolicy: "no-referrer",
      });
      noteClock(response.headers.get("Date"));
      if (!response.ok) throw await refusal(response);
      if (raw) return response;
      return await jsonOf(response);
    } catch (error) {
      throw error instanceof ApiError ? error : new ApiError();
    } finally {
      patience.end();
    }
  }

  /** Send one file; `progress` hears a number between 0 and 1. */
  function upload(file, { token, progress, signal }) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const stop = () => request.abort();
      request.open("POST", address("files"));
      request.setRequestHeader("Authorization", `Bearer ${token}`);
      request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
      request.setRequestHeader("X-File-Name", encodeURIComponent(file.name || "file"));
      request.upload.onprogress = (event) => progress?.(event.loaded / (event.total || 1));
      request.onloadend = () => {
        signal?.removeEventListener("abort", stop);
        const facts = read(request.responseText);
        if (request.status === 201 && facts) resolve(facts);
        else if (!request.status) reject(new ApiError());
        else reject(refused(request.status, facts, request.getResponseHeader("Retry-After")));
      };
      signal?.addEventListener("abort", stop);
      if (signal?.aborted) reject(new ApiError());
      else request.send(file);
    });
  }

  function address(path) {
    const mark = path.includes("?") ? "&" : "?";
    return `${base}/${path}${mark}locale=${encodeURIComponent(locale())}`;
  }

  function noteClock(date) {
    const ahead = Date.parse(date ?? "") - Date.now();
    // The header has whole seconds: smaller differences say nothing.
    if (Number.isFinite(ahead)) aheadMs = Math.abs(ahead) > 5_000 ? ahead : 0;
  }

  /** The time as the server's clock shows it: a visitor's may be wrong. */
  const now = () => Date.now() + aheadMs;

  return { ask, upload, now };
}

function impatient(signal, ms) {
  const control = new AbortController();
  const stop = () => control.abort();
  const timer = ms ? setTimeout(stop, ms) : 0;
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  // What was raw is still read when this ends: from then on only `signal` stops it.
  return { signal: control.signal, end: () => clearTimeout(timer) };
}

async function jsonOf(response) {
  const text = await response.text();
  const facts = read(text);
  // A proxy's page with a 200 is no answer of ours.
  if (text && facts === null) throw new ApiError();
  return facts;
}

async function refusal(response) {
  const facts = read(await response.text());
  return refused(response.status, facts, response.headers.get("Retry-After"));
}

function refused(status, facts, retryAfter) {
  // Refusals that are not ours come from something in between, and pass.
  if (!facts?.error) return new ApiError({ status: status === 404 ? 404 : 0, code: "network" });
  return new ApiError({
    status,
    code: facts.error,
    text: facts.text ?? "",
    problems: facts.problems ?? null,
    more: { retryAfter: Number(retryAfter) || 0, pollSeconds: facts.poll_seconds ?? 0 },
  });
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
