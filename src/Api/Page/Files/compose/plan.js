import { quoteTalk, tryTalk } from '../api/talks.js';
import { ApiError } from '../api/problem.js';
import { el, fillPairs, make, setText, show } from '../shared/dom.js';
import { tellErrors } from '../shared/messages.js';
import { drawWindows } from '../shared/windows.js';
import { count, duration, money, named } from '../shared/words.js';
import { addressOf, draft, nameUploads, onChange } from './draft.js';
import { requestSettings } from './settings.js';

// The plan and the quote, asked for again whenever something has changed that they depend on.

const restMilliseconds = 400;
const bases = { measured: 'talks here', default: 'others’ talks' };
let asked = '';
let waiting = null;
let asking = null;

/** Keeps the plan up to date. */
export function startPlan() {
  onChange(() => {
    const question = questionOf();
    const written = JSON.stringify(question);
    if (written === asked) return;
    asked = written;
    clearTimeout(waiting);
    asking?.abort();
    if (!question) return clear();
    el('plan').classList.add('stale');
    waiting = setTimeout(() => answer(question), restMilliseconds);
  });
}

/** What to ask; null while there is no speech. */
function questionOf() {
  const [portrait, speech] = [addressOf(draft.portrait), addressOf(draft.speech)];
  const seconds = draft.speech?.seconds ?? null;
  if (!draft.speech || (!draft.speech.heard && seconds === null) || (seconds === null && !speech)) return null;
  const settings = requestSettings();
  // Takes are cut at silences, which the server finds in a speech that it has; a length alone gives an estimate.
  const length = seconds !== null && !(settings.continuity === 'takes' && speech && draft.speech.file) ? { audio_seconds: seconds } : {};
  const request = { ...settings, ...length, ...(speech ? { audio_url: speech } : {}) };
  return portrait && speech ? { whole: true, request: { ...request, image_url: portrait } } : { whole: false, request };
}

async function answer({ whole, request }) {
  asking = new AbortController();
  const { signal } = asking;
  try {
    showPlan(whole ? await tryTalk(request, signal) : { quote: await quoteTalk(request, signal) });
    tellErrors([], 'plan');
  } catch (failure) {
    if (failure.name === 'AbortError') return;
    if (!(failure instanceof ApiError)) throw failure;
    const unknown = failure.errors.every(error => error.code === 'speech_length_unknown');
    tellErrors(unknown ? [] : failure.errors.map(nameUploads), 'plan');
    clear(unknown ? 'How long the speech is will be known when the talk is prepared. It can be started without a plan.' : 'No plan yet: something above has to be changed first.');
    asked = failure.status === 0 || failure.status === 429 ? '' : asked;
  } finally {
    if (!signal.aborted) el('plan').classList.remove('stale');
  }
}

function showPlan({ plan, quote }) {
  setText(el('plan-state'), quote.notes.join(' '));
  show(el('plan-figures'), true);
  fillPairs(el('plan-figures'), [
    ['Video', duration(quote.video_seconds)], [named(quote.windows, 'Window'), count(quote.windows)], [named(quote.takes, 'Take'), count(quote.takes)],
    ['Frames sampled', count(quote.sampled_frames)], ['Frames shown', count(quote.visible_frames)],
  ]);
  show(el('plan-windows'), true);
  drawWindows(el('plan-windows'), (plan?.takes ?? [{ windows: quote.windows }]).map(take => ({ windows: take.windows, windows_done: 0 })));
  el('plan-windows').setAttribute('aria-label', 'Windows of the plan');
  const priced = quote.gpu_kinds.some(kind => kind.cost !== undefined);
  const table = el('plan-quote');
  table.classList.toggle('unpriced', !priced);
  table.tBodies[0].replaceChildren(...quote.gpu_kinds.map(kind => make('tr', {},
    make('th', { scope: 'row', textContent: kind.gpu }), make('td', { textContent: duration(kind.gpu_seconds) }),
    make('td', { textContent: kind.cost === undefined ? '–' : money(kind.cost, kind.currency) }), make('td', { textContent: bases[kind.based_on] ?? kind.based_on }))));
  show(table, true);
}

function clear(text = 'Choose a speech to see what it takes.') {
  setText(el('plan-state'), text);
  el('plan').classList.remove('stale');
  for (const part of ['plan-figures', 'plan-windows', 'plan-quote']) show(el(part), false);
}

clear();
