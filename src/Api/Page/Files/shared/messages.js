import { el, make } from './dom.js';

// Errors are told where they belong: their field says which part of the page that is.

const inputs = { image_url: 'portrait', audio_url: 'speech', audio_seconds: 'speech' };

/** The place of an error: 'portrait', 'speech', the name of a setting, or 'form'. */
export function placeOf({ field }) {
  const place = inputs[field] ?? field;
  return place && el(`${place}-messages`) ? place : 'form';
}

/** Shows messages at a place; none takes away what was there. */
export function tell(place, messages) {
  const list = el(`${place}-messages`);
  const items = messages.map(({ message, severity = 'error' }) => make('li', { className: severity, textContent: message }));
  if (list.textContent !== messages.map(({ message }) => message).join('')) list.replaceChildren(...items);
  const field = el(place);
  if (field?.matches('input, select, textarea')) field.setAttribute('aria-invalid', String(messages.length > 0));
}

/**
 * Shows errors of the API, each at its place, and nothing at all other places; gives the first place. What is about the form as a whole stays
 * until whoever has told it (`by`) tells something else: a plan that comes late does not take away why the talk did not start.
 */
export function tellErrors(errors, by) {
  const places = Map.groupBy ? Map.groupBy(errors, placeOf) : groupBy(errors, placeOf);
  for (const list of document.querySelectorAll('#compose-form .messages')) {
    const place = list.id.replace(/-messages$/, '');
    const told = places.get(place) ?? [];
    if (place === 'form' && told.length === 0 && list.dataset.by !== by) continue;
    list.dataset.by = by;
    tell(place, told);
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
