import { upload } from '../api/uploads.js';
import { draftName, keep } from '../saved/inputs.js';

// What is being composed. An input is {file} or {url}, with its name; a file is uploaded at once, so that plans and the start need not wait.
// What was uploaded for an earlier talk is {url} as well, with an address where it can be seen.

const marginMilliseconds = 5 * 60_000;

const fieldOf = { portrait: 'image_url', speech: 'audio_url' };

/** The inputs and the settings. */
export const draft = { portrait: null, speech: null, settings: {} };

const listeners = [];

/** Calls a function whenever the draft has changed: with 'portrait', 'speech' or 'settings'. */
export const onChange = listener => listeners.push(listener);

const changed = what => listeners.forEach(listener => listener(what));

/** Sets an input; null takes it away. */
export function setInput(which, input) {
  draft[which]?.stop?.abort();
  draft[which] = input;
  keepDraft();
  changed(which);
  // Its place tells why it cannot be sent; the start tries again.
  if (input?.file) sendInput(which).catch(() => {});
}

/** Sets all settings. */
export function setSettings(settings) {
  draft.settings = settings;
  keepDraft();
  changed('settings');
}

/** Tells that something of an input has become known. */
export const touch = which => changed(which);

/** Whether an input lies on the server from another time: it can be used, and not looked at here. */
export const isUpload = input => input?.url?.startsWith('upload:') === true;

/** What talks call an input, once it is there; null before. */
export function addressOf(input) {
  if (!input) return null;
  if (input.url) return input.url;
  return input.upload && input.upload.until - Date.now() > marginMilliseconds ? input.upload.reference : null;
}

/** Sends what has not been sent of an input, and gives its address. */
export async function sendInput(which) {
  const input = draft[which];
  if (addressOf(input)) return addressOf(input);
  input.stop ??= new AbortController();
  input.sending ??= upload(input.file, share => { input.sent = share; changed(which); }, input.stop.signal)
    .then(sent => { input.upload = sent; input.problem = null; })
    .catch(failure => { if (failure.name !== 'AbortError') input.problem = about(which, failure); throw failure; })
    .finally(() => { input.sending = null; input.sent = null; changed(which); });
  await input.sending;
  return addressOf(input);
}

/** A failure to send an input, told as that input's. */
function about(which, failure) {
  failure.errors?.forEach(error => { error.field ??= fieldOf[which]; });
  return failure;
}

/** An error with the names of files where it has those of uploads, which say nothing to a reader. */
export const nameUploads = error => ({
  ...error,
  message: ['portrait', 'speech'].reduce(
    (text, which) => (referenceOf(draft[which]) ? text.replaceAll(referenceOf(draft[which]), draft[which].name) : text), error.message),
});

const referenceOf = input => (isUpload(input) ? input.url : input?.upload?.reference);

/** What is kept of the draft: an upload that was made is not made again. */
export const keepable = () => ({ portrait: kept(draft.portrait), speech: kept(draft.speech), settings: draft.settings });

const kept = input => input && { file: input.file, url: input.url, name: input.name, upload: input.upload, preview: input.preview };

let keeping = null;

function keepDraft() {
  clearTimeout(keeping);
  keeping = setTimeout(() => keep(draftName, keepable()), 300);
}
