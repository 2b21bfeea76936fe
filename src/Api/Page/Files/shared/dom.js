// Elements, found and made. Texts are set as texts: nothing that comes from a server or a file is ever read as HTML.

/** The element with an id. */
export const el = id => document.getElementById(id);

/** Makes an element with properties (or attributes, where their names have a dash) and children. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes('-') || name === 'role') element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

/** Sets a text, if it is another: what has not changed is not read aloud again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows or hides an element. */
export function show(element, visible) {
  element.hidden = !visible;
}

/** Fills a definition list with pairs of a name and a text; pairs without a text are left out. */
export function fillPairs(list, pairs) {
  const shown = pairs.filter(([, text]) => text !== null && text !== undefined && text !== '');
  const before = [...list.querySelectorAll('dd')].map(item => item.textContent).join('\n');
  if (before === shown.map(([, text]) => text).join('\n')) return;
  list.replaceChildren(...shown.map(([name, text]) => make('div', {}, make('dt', { textContent: name }), make('dd', { textContent: text }))));
}
