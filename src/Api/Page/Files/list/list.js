import { ApiError } from '../api/problem.js';
import { listTalks, portraitOf, thumbnailOf } from '../api/talks.js';
import { el, make, setText, show } from '../shared/dom.js';
import { showPicture } from '../shared/picture.js';
import { moment, statusWords } from '../shared/words.js';

// The caller's talks, newest first. The one that is shown is kept up to date by its own events, the others by looking.

const pageSize = 12;
const lookMilliseconds = 15_000;
let next = null;
let keyChanges = 0;
const removed = new Set();

/** Loads the list, and looks again while the page is seen. */
export function startList() {
  el('list-more').addEventListener('click', () => load(next, true));
  setInterval(() => document.visibilityState === 'visible' && refresh(), lookMilliseconds);
  return load(null, true);
}

/** Looks at the newest talks again. */
const refresh = () => load(null, false);

/** Shows a talk's state, which has just become known. */
export function showInList(view) {
  if (removed.has(view.id)) return;
  const known = itemOf(view.id);
  if (known) fill(known, view);
  else el('list').prepend(fill(newItem(view.id), view));
  setText(el('list-state'), '');
}

/** Takes a talk out of the list. */
export function removeFromList(id) {
  removed.add(id);
  itemOf(id)?.remove();
  if (el('list').children.length === 0) setText(el('list-state'), 'None yet.');
}

/** Empties the list, for other talks. */
export function emptyList() {
  keyChanges += 1;
  next = null;
  el('list').replaceChildren();
  show(el('list-more'), false);
  return refresh();
}

/** Marks the talk that is shown. */
export function markInList(id) {
  for (const link of el('list').querySelectorAll('a')) {
    if (link.dataset.id === id) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

const itemOf = id => el('list').querySelector(`a[data-id="${CSS.escape(id)}"]`)?.parentElement;

async function load(after, asks) {
  const asked = keyChanges;
  try {
    const page = await listTalks(pageSize, after, asks);
    // What comes late is of another's talks, or of some that have been deleted since.
    if (asked !== keyChanges) return;
    if (after || next === null) {
      next = page.next ?? null;
      show(el('list-more'), next !== null);
    }

    for (const view of page.talks.filter(talk => !removed.has(talk.id))) {
      const known = itemOf(view.id);
      if (known) fill(known, view);
      else insert(view);
    }

    setText(el('list-state'), el('list').children.length === 0 ? 'None yet.' : '');
  } catch (failure) {
    if (!(failure instanceof ApiError)) throw failure;
    if (asked !== keyChanges) return;
    setText(el('list-state'), failure.status === 401 ? 'They are shown with a key.' : failure.message);
  }
}

function insert(view) {
  const item = fill(newItem(view.id), view);
  const older = [...el('list').children].find(other => other.dataset.at < view.created_at);
  el('list').insertBefore(item, older ?? null);
}

function newItem(id) {
  const link = make('a', { href: `#/talks/${id}` },
    make('span', { className: 'thumb' }), make('span', { className: 'words' }, make('span', { className: 'name' }), make('span', { className: 'muted when' })),
    make('span', { className: 'pill' }));
  link.dataset.id = id;
  if (location.hash === `#/talks/${id}`) link.setAttribute('aria-current', 'page');
  return make('li', {}, link);
}

function fill(item, view) {
  item.dataset.at = view.created_at;
  const { portrait, speech } = view.metadata;
  setText(item.querySelector('.name'), [portrait, speech].filter(Boolean).join(' + ') || view.id.slice(0, 8));
  setText(item.querySelector('.when'), moment(view.created_at));
  const pill = item.querySelector('.pill');
  setText(pill, view.status === 'running' ? `${Math.round(view.percent)} %` : statusWords[view.status]);
  pill.dataset.status = view.status;
  showThumbnail(item.querySelector('.thumb'), view);
  return item;
}

/** Shows what the talk is of, once that is known; a silhouette stands for it until then. */
function showThumbnail(thumb, view) {
  const address = thumbnailOf(view);
  if (!address || thumb.firstChild) return;
  const picture = make('img', { alt: '', loading: 'lazy', decoding: 'async' });
  thumb.append(picture);
  showPicture(picture, [address, portraitOf(view)]);
}
