import { el, make } from './dom.js';

// Errors are told where they belong: codes and messages of the API say which part of the page that is.

const byField = {
  image_url: 'portrait', portrait: 'portrait', audio_url: 'speech', speech: 'speech', audio_seconds: 'speech',
};
const fieldPatterns = [/The setting (\w+) is/, /'(\w+)'/, /\b(image_url|audio_url|negative_prompt|prompt|seed|width|height|steps|cfg|take_seconds|continuity|audio_start|audio_end)\b/];

/** The place of an error: 'portrait', 'speech', the name of a setting, or 'form'. */
export function placeOf({ code, message }) {
  if (code.startsWith('portrait_')) return 'portrait';
  if (code.startsWith('speech_')) return 'speech';
  if (code.startsWith('size_')) return /height/i.test(message) && !/width/i.test(message) ? 'height' : 'width';
  if (code === 'seed_out_of_range') return 'seed';
  for (const pattern of fieldPatterns) {
    const field = pattern.exec(message)?.[1];
    if (field && byField[field]) return byField[field];
    if (field && el(`${field}-messages`)) return field;
  }
  return 'form';
}

/** Shows messages at a place; none takes away what was there. */
export function tell(place, messages) {
  const list = el(`${place}-messages`);
  const items = messages.map(({ message, severity = 'error' }) => make('li', { className: severity, textContent: message }));
  if (list.textContent !== messages.map(({ message }) => message).join('')) list.replaceChildren(...items);
  const field = el(place);
  if (field?.matches('input, select, textarea')) field.setAttribute('aria-invalid', String(messages.length > 0));
}

/** Shows errors of the API, each at its place, and nothing at all other places; gives the first place. */
export function tellErrors(errors) {
  const places = Map.groupBy ? Map.groupBy(errors, placeOf) : groupBy(errors, placeOf);
  for (const list of document.querySelectorAll('#compose-form .messages')) {
    const place = list.id.replace(/-messages$/, '');
    tell(place, places.get(place) ?? []);
  }
  return [...places.keys()][0] ?? null;
}

function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

/** Says something about the page as a whole; an empty text takes it away. */
export function notice(text) {
  const line = el('notice');
  line.hidden = !text;
  line.textContent = text;
}
