import { preflight } from '../api/preflight.js';
import { ApiError } from '../api/problem.js';
import { el, setText } from '../shared/dom.js';
import { fillFindings } from '../shared/findings.js';
import { placeOf, tell } from '../shared/messages.js';
import { addressOf, draft, nameUploads, onChange } from './draft.js';

// What a runner finds about portrait and speech, beside each, while they are being chosen. Nothing waits for it: a talk can be started at any time.

const restMilliseconds = 500;
const notNow = 'It could not be looked at now. That is done when the talk is made.';

// Each is asked for alone, with what it depends on: another width does not have hours of speech listened to again.
const inputs = {
  portrait: { address: 'image_url', settings: ['width', 'height'] },
  speech: { address: 'audio_url', settings: ['audio_start', 'audio_end'] },
};

const refused = { portrait: false, speech: false };

/** Keeps what was found about both inputs up to date. */
export const startPreflight = () => Object.keys(inputs).forEach(follow);

function follow(which) {
  let asked = JSON.stringify(null);
  let waiting = null;
  let asking = null;
  onChange(() => {
    const question = questionOf(which);
    const written = JSON.stringify(question);
    if (written === asked) return;
    asked = written;
    clearTimeout(waiting);
    asking?.abort();
    showFound(which, [], '');
    if (!question) return;
    asking = new AbortController();
    waiting = setTimeout(answer, restMilliseconds, which, question, asking.signal);
  });
}

/** What to ask; null while the input is not there. */
function questionOf(which) {
  const address = addressOf(draft[which]);
  const settings = inputs[which].settings.filter(name => draft.settings[name] !== undefined).map(name => [name, draft.settings[name]]);
  return address && { [inputs[which].address]: address, ...Object.fromEntries(settings) };
}

async function answer(which, question, signal) {
  showFound(which, [], 'Being looked at…');
  try {
    const found = await preflight(question, signal);
    if (signal.aborted) return;
    if (found.status === 'completed') showFound(which, found.findings, found.findings.length > 0 ? '' : 'Looked at: nothing was found against it.');
    else showFound(which, [], notNow);
  } catch (failure) {
    if (signal.aborted) return;
    if (!(failure instanceof ApiError)) throw failure;
    const isRefused = failure.status === 400;
    showFound(which, [], isRefused ? '' : notNow);
    const errors = isRefused ? failure.errors.filter(error => placeOf(error) === which) : [];
    if (errors.length > 0) tell(which, errors.map(nameUploads));
  }
}

function showFound(which, findings, state) {
  fillFindings(el(`${which}-preflight`), findings);
  setText(el(`${which}-looked`), state);
  refused[which] = findings.some(finding => finding.severity === 'error');
  const names = Object.keys(refused).filter(name => refused[name]);
  const message = `As it is, the talk would fail: its ${names.join(' and its ')} would be refused. See above what to change.`;
  fillFindings(el('start-note'), names.length === 0 ? [] : [{ message, severity: 'error' }]);
}
