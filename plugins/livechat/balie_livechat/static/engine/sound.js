// A short soft sound, made here: two tones, a third of a second. Only for those who turned it on.

const TONES = [659.3, 880];
const EACH_S = 0.16;

/** Return a function that plays it; browsers allow that after a click in this frame. */
export function createSound() {
  let context = null;
  return () => {
    try {
      context ??= new AudioContext();
      context.resume?.();
      TONES.forEach((hertz, at) => tone(context, hertz, context.currentTime + at * EACH_S));
    } catch {
      // No sound here, or not allowed: the badge tells it, too.
    }
  };
}

function tone(context, hertz, start) {
  const [wave, loud] = [context.createOscillator(), context.createGain()];
  wave.frequency.value = hertz;
  loud.gain.setValueAtTime(0, start);
  loud.gain.linearRampToValueAtTime(0.08, start + 0.02);
  loud.gain.exponentialRampToValueAtTime(0.001, start + EACH_S);
  wave.connect(loud).connect(context.destination);
  wave.start(start);
  wave.stop(start + EACH_S);
}
