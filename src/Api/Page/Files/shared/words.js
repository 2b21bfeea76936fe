// How numbers are said.

const counts = new Intl.NumberFormat('en');

/** A whole number with separators. */
export const count = number => counts.format(number);

/** What so many things are called: "window", "windows". */
export const named = (number, thing) => (number === 1 ? thing : `${thing}s`);

/** A number of things: "1 window", "3 windows". */
export const things = (number, thing) => `${count(number)} ${named(number, thing)}`;

/** A length of time. */
export function duration(seconds) {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}

/** An amount of money; small ones with the digits that they need. */
export function money(amount, currency) {
  const digits = amount !== 0 && amount < 0.1 ? 4 : 2;
  return new Intl.NumberFormat('en', { style: 'currency', currency, maximumFractionDigits: digits }).format(amount);
}

/** A point in time, as the reader's clock shows it. */
export const moment = text => new Date(text).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** A number of bytes. */
export const bytes = number =>
  number < 1e6 ? `${Math.max(1, Math.round(number / 1e3))} kB` : number < 1e9 ? `${(number / 1e6).toFixed(1)} MB` : `${(number / 1e9).toFixed(1)} GB`;

/** The states of a talk. */
export const statusWords = { queued: 'Queued', running: 'Being made', completed: 'Done', failed: 'Failed', cancelled: 'Cancelled' };

/** The stages of a talk, in their order, and what is said while each is done. */
export const stageWords = {
  prepare: 'Looking at portrait and speech',
  plan: 'Planning',
  separate: 'Separating the voice',
  embed: 'Listening to the speech',
  sample: 'Making pictures',
  assemble: 'Joining the video',
  publish: 'Publishing',
  notify: 'Telling who wants to know',
};
