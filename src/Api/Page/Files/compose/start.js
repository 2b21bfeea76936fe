import { createTalk } from '../api/talks.js';
import { ApiError } from '../api/problem.js';
import { el, setText } from '../shared/dom.js';
import { tell, tellErrors } from '../shared/messages.js';
import { draftName, forget, keep } from '../saved/inputs.js';
import { draft, keepable, nameUploads, sendInput } from './draft.js';
import { requestSettings } from './settings.js';

const lacking = {
  portrait: 'There is no portrait. Drop a JPEG or PNG picture of a face, or choose one.',
  speech: 'There is no speech. Drop a recording, choose one, or record one.',
};

// The same request sent again is the same talk: a lost answer makes no second one.
let attempt = { written: '', key: '' };

/** Lets the draft be started; calls a function with the id of the talk that was made. */
export function startStarting(made) {
  el('compose-form').addEventListener('submit', event => {
    event.preventDefault();
    start(made);
  });
}

async function start(made) {
  const missing = ['portrait', 'speech'].filter(which => !draft[which]);
  for (const which of missing) tell(which, [{ message: lacking[which] }]);
  if (missing.length > 0) return el(`${missing[0]}-file`).focus();
  tell('form', []);
  const button = el('start');
  button.disabled = true;
  try {
    setText(button, 'Sending…');
    const [portrait, speech] = await Promise.all(['portrait', 'speech'].map(sendInput));
    setText(button, 'Starting…');
    const metadata = { portrait: short(draft.portrait.name), speech: short(draft.speech.name) };
    const request = { ...requestSettings(), image_url: portrait, audio_url: speech, stream: true, metadata };
    const { id } = await createTalk(request, keyOf(request));
    attempt = { written: '', key: '' };
    await keep(id, keepable());
    await forget(draftName);
    made(id);
  } catch (failure) {
    if (!(failure instanceof ApiError)) throw failure;
    focusOn(tellErrors(failure.errors.map(nameUploads), 'start'));
  } finally {
    button.disabled = false;
    setText(button, 'Start the talk');
  }
}

function focusOn(place) {
  const target = el(place === 'portrait' || place === 'speech' ? `${place}-file` : place) ?? el('start');
  target.closest('details')?.setAttribute('open', '');
  target.focus();
}

function keyOf(request) {
  const written = JSON.stringify(request);
  if (attempt.written !== written) {
    const key = [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');
    attempt = { written, key };
  }

  return attempt.key;
}

const short = text => text.slice(0, 200);
