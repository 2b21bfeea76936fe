import { make } from './dom.js';
import { things } from './words.js';

// The row of windows: a cell for each, take by take. Where there are too many for that, a cell stands for several.

const mostCells = 240;

/**
 * Draws the windows of each take into an element, and fills those that are done.
 * @param {HTMLElement} place
 * @param {{windows: number, windows_done: number}[]} takes
 * @param {{current?: number|null}} now how much of the window that is being made is done, 0 to 1; null when none is being made
 */
export function drawWindows(place, takes, now = {}) {
  const all = takes.reduce((sum, take) => sum + take.windows, 0);
  const done = takes.reduce((sum, take) => sum + take.windows_done, 0);
  const perCell = Math.max(1, Math.ceil(all / mostCells));
  const shape = `${perCell}:${takes.map(take => take.windows).join(',')}`;
  if (place.dataset.shape !== shape) {
    place.dataset.shape = shape;
    place.className = 'windows';
    place.replaceChildren(...takes.map((take, index) => rowOf(take, index, takes.length, perCell)));
  }

  place.setAttribute('role', 'progressbar');
  place.setAttribute('aria-valuemin', '0');
  place.setAttribute('aria-valuemax', String(all));
  place.setAttribute('aria-valuenow', String(done));
  place.setAttribute('aria-label', 'Windows');
  place.setAttribute('aria-valuetext', `${done} of ${things(all, 'window')} done`);
  let current = now.current ?? null;
  takes.forEach((take, index) => {
    const cells = place.children[index].querySelectorAll('.cell');
    cells.forEach((cell, at) => {
      const share = Math.min(1, Math.max(0, (take.windows_done - (at * perCell)) / Math.min(perCell, take.windows - (at * perCell))));
      const next = share < 1 && take.windows_done < take.windows && at === Math.floor(take.windows_done / perCell);
      const making = next && current !== null;
      cell.classList.toggle('done', share >= 1);
      cell.classList.toggle('making', making);
      cell.style.setProperty('--share', String(making ? Math.max(share, current / perCell) : share));
      if (making) current = takes.length > 1 ? 0 : null;
    });
  });
}

function rowOf(take, index, takes, perCell) {
  const cells = Array.from({ length: Math.ceil(take.windows / perCell) }, () => make('span', { className: 'cell' }));
  const row = make('div', { className: 'take', 'aria-hidden': 'true' }, make('span', { className: 'cells' }, ...cells));
  if (takes > 1) row.prepend(make('span', { className: 'take-name', textContent: `Take ${index + 1}` }));
  return row;
}
