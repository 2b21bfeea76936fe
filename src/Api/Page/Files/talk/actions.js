import { cancelTalk, deleteTalk, retryTalk } from '../api/talks.js';
import { currentKey } from '../api/key.js';
import { ApiError } from '../api/problem.js';
import { ask } from '../shared/ask.js';
import { el, setText, show } from '../shared/dom.js';
import { tell } from '../shared/messages.js';
import { forget } from '../saved/inputs.js';

let shown = null;

/** Connects what can be done with the talk that is shown. */
export function startActions({ changed, deleted, again }) {
  el('cancel').addEventListener('click', () => act('cancel', async () => { changed(await cancelTalk(shown.id)); }));
  el('retry').addEventListener('click', () => act('retry', async () => { changed(await retryTalk(shown.id)); }));
  el('again').addEventListener('click', () => again(shown));
  el('copy').addEventListener('click', copyLink);
  el('delete').addEventListener('click', async () => {
    const { id } = shown;
    if (!await ask('Delete this talk?', 'Its video on this server and all that it was made of are gone then. What was published elsewhere stays there.', 'Delete')) return;
    await act('delete', async () => {
      await deleteTalk(id);
      await forget(id);
      deleted(id);
    });
  });
}

/** Shows what can be done with a talk. */
export function showActions(view) {
  if (shown?.id !== view.id) show(el('link-row'), false);
  shown = view;
  const ended = ['completed', 'failed', 'cancelled'].includes(view.status);
  const video = view.status === 'completed' ? view.video[0] : null;
  show(el('download'), Boolean(video));
  show(el('copy'), Boolean(video));
  if (video) el('download').href = video;
  show(el('retry'), view.status === 'failed' || view.status === 'cancelled');
  show(el('delete'), ended);
  show(el('cancel'), !ended);
}

async function act(button, work) {
  el(button).disabled = true;
  try {
    tell('talk', []);
    await work();
  } catch (failure) {
    if (!(failure instanceof ApiError)) throw failure;
    tell('talk', failure.errors);
  } finally {
    el(button).disabled = false;
  }
}

/** Who can open a link: what is on this server wants what this server wants; elsewhere it is open to whoever has it. */
function reachOf(link) {
  const { origin, hostname } = new URL(link, location.href);
  if (origin !== location.origin) return '';
  if (currentKey() !== null) return 'Who opens it needs an API key of this server that may see the talk. To show the video to others, download it and send the file.';
  return /^(localhost|127\..*|\[::1\])$/.test(hostname) ? 'It works on this machine only. To show the video to others, download it and send the file.' : '';
}

/** Copies the link; shows it, too, since not every page may write to the clipboard. */
async function copyLink() {
  const link = el('link');
  link.value = shown.video[0];
  setText(el('link-note'), reachOf(link.value));
  show(el('link-row'), true);
  link.focus();
  link.select();
  try {
    await navigator.clipboard.writeText(link.value);
    setText(el('copy'), 'Copied');
    setTimeout(() => setText(el('copy'), 'Copy link'), 2_000);
  } catch {
    // It is selected: copying by hand is one key.
  }
}
