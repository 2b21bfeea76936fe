import { applyKey, startKeyButton } from './api/key.js';
import { el, show } from './shared/dom.js';
import { notice, tell } from './shared/messages.js';
import { draftName, recall } from './saved/inputs.js';
import { setInput } from './compose/draft.js';
import { keepPageOnDrop } from './compose/drop.js';
import { startPlan } from './compose/plan.js';
import { startPortrait } from './compose/portrait.js';
import { showSettings, startSettings } from './compose/settings.js';
import { startSpeech } from './compose/speech.js';
import { startStarting } from './compose/start.js';
import { markInList, refresh, removeFromList, showInList, startList } from './list/list.js';
import { startActions } from './talk/actions.js';
import { startPlayer } from './talk/player.js';
import { closeTalk, followAgain, onView, openTalk } from './talk/talk.js';

// Which part of the page is shown follows from the address: #/ for composing, #/talks/ID for a talk.

let focusNext = null;

function route() {
  const id = /^#\/talks\/([\w-]+)$/.exec(location.hash)?.[1] ?? null;
  show(el('talk'), id !== null);
  show(el('compose'), id === null);
  markInList(id);
  if (id) {
    openTalk(id);
  } else {
    closeTalk();
    document.title = 'WanTalk';
  }

  if (focusNext) el(focusNext).focus({ preventScroll: true });
  focusNext = null;
}

/** Shows another part, and puts the reader there once it is shown. */
function go(hash, focus) {
  focusNext = focus;
  location.hash = hash;
  window.scrollTo({ top: 0 });
}

/** Puts what was kept into the form. */
function compose(inputs) {
  if (inputs.settings) showSettings(inputs.settings);
  for (const which of ['portrait', 'speech']) setInput(which, inputs[which] ?? null);
}

/** Brings a talk's inputs and settings back, to change them. */
async function again(view) {
  const kept = await recall(view.id);
  const { width, height } = view.requested_size;
  compose(kept ?? { settings: { width, height, seed: view.seed } });
  go('#/', 'main');
  if (!kept) notice('This browser has not kept what the talk was made of. Choose portrait and speech again; size and seed are set.');
  for (const which of ['portrait', 'speech']) tell(which, []);
}

applyKey();
keepPageOnDrop();
startPortrait();
startSpeech();
startPlan();
startSettings();
startStarting(id => go(`#/talks/${id}`, 'talk-title'));
startActions({
  changed: followAgain,
  deleted: id => { removeFromList(id); go('#/', 'main'); },
  again,
});
startPlayer();
onView(showInList);
startKeyButton(() => {
  el('list').replaceChildren();
  refresh();
  route();
});
window.addEventListener('hashchange', route);
startList();
recall(draftName).then(kept => kept && compose(kept));
route();
