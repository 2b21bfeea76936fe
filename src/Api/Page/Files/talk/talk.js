import { watch } from '../api/events.js';
import { ApiError } from '../api/problem.js';
import { portraitOf, readTalk } from '../api/talks.js';
import { el, setText } from '../shared/dom.js';
import { notice, tell } from '../shared/messages.js';
import { moment, statusWords } from '../shared/words.js';
import { showActions } from './actions.js';
import { showFacts } from './facts.js';
import { showFindings } from './findings.js';
import { showPlayer, stopPlayer } from './player.js';
import { showProgress } from './progress.js';

// One talk: everything about it follows from its view, which comes again whenever it has changed.

let watching = null;
let told = () => {};

/** Who is told of each state of the talk that is shown. */
export const onView = listener => { told = listener; };

/** Shows a talk and watches it. */
export async function openTalk(id) {
  closeTalk();
  const mine = new AbortController();
  watching = mine;
  tell('talk', []);
  setText(el('talk-title'), 'A talk');
  setText(el('talk-status'), '');
  // Nothing of the talk before stays, least of all its buttons.
  el('talk').classList.add('unknown');
  await follow(id, mine);
}

/** Watches the talk that is shown again, behind what has changed it. */
export async function followAgain(view) {
  watching?.abort();
  watching = new AbortController();
  showView(view);
  await follow(view.id, watching);
}

/** Shows and watches none. */
export function closeTalk() {
  watching?.abort();
  watching = null;
  notice('');
  stopPlayer();
}

async function follow(id, mine) {
  try {
    // A talk that cannot be read is told at once; a server that is away is waited for.
    await readTalk(id, mine.signal).then(showIfMine).catch(failure => {
      if (!(failure instanceof ApiError) || failure.status !== 0) throw failure;
    });
    await watch(id, { view: showIfMine, away: showAway }, mine.signal);
  } catch (failure) {
    if (failure.name === 'AbortError') return;
    if (!(failure instanceof ApiError)) throw failure;
    setText(el('talk-status'), '');
    tell('talk', failure.errors);
  }

  function showIfMine(view) {
    if (!mine.signal.aborted) showView(view);
  }

  function showAway(away) {
    if (!mine.signal.aborted) notice(away ? 'The server does not answer. The talk goes on when it does; this page keeps asking.' : '');
  }
}

function showView(view) {
  el('talk').classList.remove('unknown');
  const { portrait, speech } = view.metadata;
  setText(el('talk-title'), [portrait, speech].filter(Boolean).join(' + ') || 'A talk');
  setText(el('talk-when'), `Made ${moment(view.created_at)}`);
  setText(el('talk-status'), statusWords[view.status]);
  el('talk-status').dataset.status = view.status;
  document.title = `${view.status === 'running' ? `${Math.round(view.percent)} % ` : ''}${statusWords[view.status]} · WanTalk`;
  if (view.error && view.status === 'failed') tell('talk', [view.error]);
  else if (view.status !== 'failed') tell('talk', []);
  showPlayer(view, portraitOf(view));
  showProgress(view);
  showFindings(view);
  showFacts(view);
  showActions(view);
  told(view);
}
