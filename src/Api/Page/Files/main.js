import { applyKey, startKeyButton } from './api/key.js';
import { el, show } from './shared/dom.js';
import { notice, tell } from './shared/messages.js';
import { draftName, recall } from './saved/inputs.js';
import { lackOf, recipeOf } from './compose/again.js';
import { setInput } from './compose/draft.js';
import { keepPageOnDrop } from './compose/drop.js';
import { startPlan } from './compose/plan.js';
import { startPreflight } from './compose/preflight.js';
import { startPortrait } from './compose/portrait.js';
import { showSettings, startSettings } from './compose/settings.js';
import { startSpeech } from './compose/speech.js';
import { startStarting } from './compose/start.js';
import { emptyList, markInList, removeFromList, showInList, startList } from './list/list.js';
import { startActions } from './talk/actions.js';
import { startPlayer } from './talk/player.js';
import { closeTalk, followAgain, onView, openTalk } from './talk/talk.js';

// Which part of the page is shown follows from the address: #/ for composing, #/talks/ID for a talk.

let focusNext = null;
let sayNext = '';

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
  if (sayNext) notice(sayNext);
  focusNext = null;
  sayNext = '';
}

/** Shows another part, and once it is shown puts the reader there and says something. */
function go(hash, focus, say = '') {
  focusNext = focus;
  sayNext = say;
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
  const recipe = kept ?? recipeOf(view);
  compose(recipe);
  go('#/', 'main', kept ? '' : lackOf(recipe));
  for (const which of ['portrait', 'speech']) tell(which, []);
}

applyKey();
keepPageOnDrop();
startPortrait();
startSpeech();
startPlan();
startPreflight();
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
  emptyList();
  route();
});
window.addEventListener('hashchange', route);
startList();
recall(draftName).then(kept => kept && compose(kept));
route();
