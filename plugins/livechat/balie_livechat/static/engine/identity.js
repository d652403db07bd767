// Whose identity a token is, as far as the browser has to know: is it the same customer?
import { markOf } from "./ids.js";

/** Return a mark for whose identity this is; it is the server that checks it. */
export function whoIs(jwt) {
  if (!jwt) return "";
  try {
    const middle = jwt.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return markOf(String(JSON.parse(atob(middle)).sub));
  } catch {
    return markOf(jwt);
  }
}
