import { el, show } from '../shared/dom.js';
import { tell } from '../shared/messages.js';
import { bytes, duration } from '../shared/words.js';
import { connect, showAbout } from './input.js';
import { draft, isUpload, onChange, touch } from './draft.js';
import { lengthOf, listen } from './sound.js';
import { startRecorder } from './recorder.js';
import { drawWaveform } from './waveform.js';

/** Shows the speech as a waveform, with its length. */
export function startSpeech() {
  connect('speech');
  startRecorder();
  onChange(what => {
    if (what === 'speech') {
      if (!draft.speech) play(null);
      else if (!draft.speech.listening) hear(draft.speech);
    }

    if (what !== 'portrait') draw();
  });
  new ResizeObserver(draw).observe(el('speech-drop'));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
}

/** Lets the speech be heard. */
function play(address) {
  const audio = el('speech-audio');
  if (audio.src.startsWith('blob:')) URL.revokeObjectURL(audio.src);
  if (address) audio.src = address;
  else audio.removeAttribute('src');
  show(audio, Boolean(address));
}

async function hear(input) {
  input.listening = true;
  if (isUpload(input)) {
    play(null);
    Object.assign(input, { seconds: null, peaks: null, heard: true });
    touch('speech');
    return;
  }

  play(input.url ?? URL.createObjectURL(input.file));
  const length = lengthOf(el('speech-audio'));
  let sound = null;
  try {
    sound = await listen(input.file ?? await (await fetch(input.url)).blob());
  } catch {
    // Another site may not let its files be read here, and not every format is known to browsers: the element may know the length still.
  }

  input.seconds = sound?.seconds ?? await length;
  input.peaks = sound?.peaks ?? null;
  if (draft.speech !== input) return;
  if (input.seconds === null) {
    show(el('speech-audio'), false);
    tell('speech', [{ severity: 'warning', message: 'This browser cannot play it. Give WAV, MP3, FLAC or M4A, or let the server look at it.' }]);
  }

  input.heard = true;
  touch('speech');
}

/** The seconds of the speech that the talk has. */
function part(input) {
  const from = draft.settings.audio_start ?? 0;
  return { from, to: Math.min(draft.settings.audio_end ?? input.seconds, input.seconds) };
}

function draw() {
  const input = draft.speech;
  const canvas = el('speech-canvas');
  show(canvas, Boolean(input?.peaks));
  show(el('speech-hint'), !input?.peaks);
  el('speech-hint').textContent = !input ? 'Drop a recording of a voice here' : input.heard ? 'No waveform' : 'Listening to it…';
  if (input?.peaks) {
    const used = part(input);
    drawWaveform(canvas, input.peaks, { from: used.from / input.seconds, to: used.to / input.seconds });
    canvas.setAttribute('aria-label', `The speech as a waveform, ${duration(input.seconds)} long`);
  }

  showAbout('speech', [input?.seconds ? duration(input.seconds) : '', input?.file ? bytes(input.file.size) : '']);
}
