import { el, fillPairs, make, show } from '../shared/dom.js';
import { count, duration, moment, money } from '../shared/words.js';

const framesPerSecond = 25;
const size = ({ width, height }) => `${width} × ${height}`;

/** Shows what a talk is, what it cost, and how its windows were made. */
export function showFacts(view) {
  const [asked, made] = [size(view.requested_size), size(view.effective_size)];
  fillPairs(el('facts'), [
    ['Size', asked === made ? made : `${made} (asked for: ${asked})`],
    ['Length', view.visible_frames ? `${duration(view.visible_frames / framesPerSecond)}, ${count(view.visible_frames)} frames` : null],
    ['Takes', view.takes ? count(view.takes) : null],
    ['Quality', view.settings.preset],
    ['Seed', String(view.seed)],
    ['GPU time', view.gpu_seconds === undefined ? null : duration(view.gpu_seconds)],
    ['Cost', view.cost === undefined ? null : money(view.cost, view.currency)],
    ['Runner', view.runner],
    ['Started', view.started_at ? moment(view.started_at) : null],
    ['Ended', view.ended_at ? moment(view.ended_at) : null],
    ['Id', view.id],
  ]);
  showWindowSettings(view.window_settings);
}

function showWindowSettings(runs) {
  const table = el('window-settings');
  show(table, runs.length > 0);
  table.tBodies[0].replaceChildren(...runs.map(run => make('tr', {},
    make('td', { textContent: String(run.take + 1) }),
    make('td', { textContent: run.windows === 1 ? String(run.first_window + 1) : `${run.first_window + 1} to ${run.first_window + run.windows}` }),
    make('td', { textContent: String(run.settings.blocks_to_swap) }),
    make('td', { textContent: run.settings.tiled_vae ? 'yes' : 'no' }))));
}
