import { el, setText } from '../shared/dom.js';
import { tell } from '../shared/messages.js';
import { duration } from '../shared/words.js';
import { setInput } from './draft.js';
import { toWav } from './sound.js';

// A speech from the microphone.

const mostSeconds = 15 * 60;
let recording = null;

/** Connects the button that starts and ends a recording. */
export function startRecorder() {
  const button = el('record');
  button.addEventListener('click', () => (recording ? recording.stop() : begin(button)));
}

async function begin(button) {
  tell('speech', []);
  if (!navigator.mediaDevices || !window.MediaRecorder) {
    tell('speech', [{ message: 'This browser records only on pages with https, or of this machine. Choose a file instead.' }]);
    return;
  }

  button.disabled = true;
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    record(stream, button);
  } catch (failure) {
    tell('speech', [{ message: failure.name === 'NotAllowedError'
      ? 'The microphone may not be used. Allow it in the browser, beside the address of this page.'
      : 'There is no microphone. Connect one, or choose a file.' }]);
  } finally {
    button.disabled = false;
  }
}

function record(stream, button) {
  const parts = [];
  const recorder = new MediaRecorder(stream);
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const say = () => {
    setText(button, `Stop (${duration(Math.floor(seconds()))})`);
    if (seconds() > mostSeconds) recorder.stop();
  };
  const clock = setInterval(say, 500);
  recording = recorder;
  recorder.ondataavailable = event => parts.push(event.data);
  recorder.onstop = () => {
    clearInterval(clock);
    stream.getTracks().forEach(track => track.stop());
    recording = null;
    button.setAttribute('aria-pressed', 'false');
    setText(button, 'Record');
    use(new Blob(parts, { type: recorder.mimeType }));
  };
  button.setAttribute('aria-pressed', 'true');
  say();
  recorder.start();
}

async function use(recorded) {
  try {
    const wav = await toWav(recorded);
    setInput('speech', { file: new File([wav], 'recording.wav', { type: 'audio/wav' }), name: 'Recording' });
  } catch {
    tell('speech', [{ message: 'Nothing was recorded. Look whether the microphone is on, and record again.' }]);
  }
}
