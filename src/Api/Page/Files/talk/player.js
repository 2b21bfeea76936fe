import { keyHeaders } from '../api/key.js';
import { el, setText, show } from '../shared/dom.js';
import { clearPicture, showPicture } from '../shared/picture.js';

// The video: as a stream while it is being made, as a file when it is there. hls.js plays streams; where it cannot, Safari does by itself.
// Who watches it being made sees it begin; a talk that is done waits behind its portrait for the button.

const hlsModule = '../vendor/hls-1.7.4.min.mjs';
const patience = { maxNumRetry: 6, retryDelayMs: 1_000, maxRetryDelayMs: 8_000 };
const loadPolicy = { default: { maxTimeToFirstByteMs: 20_000, maxLoadTimeMs: 60_000, timeoutRetry: patience, errorRetry: patience } };
const retryMilliseconds = 3_000;
const mostRetryMilliseconds = 60_000;

let playing = null; // {talk, source, file, hls, failures}

/** Connects the button that begins the video where nothing else has. */
export function startPlayer() {
  const video = el('video');
  el('play').addEventListener('click', () => {
    video.play().catch(() => {});
    video.focus();
  });
  video.addEventListener('play', () => offerToPlay(false));
  video.addEventListener('error', () => playing && playing.source === playing.file && playFileAgain(video));
  el('poster').addEventListener('load', () => { video.poster = el('poster').src; });
}

/** Shows what can be played of a talk. */
export function showPlayer(view, poster) {
  const video = el('video');
  if (playing?.talk !== view.id) stopPlayer();
  playing ??= { talk: view.id, source: null, file: null, hls: null, failures: 0 };
  showPoster(view, poster);
  const file = view.status === 'completed' ? view.video[0] : null;
  playing.file = file;
  // Who watches the stream goes on watching it: it has become the whole video. One that has not come to play gives way to the file.
  if (file && playing.source && playing.source !== file && video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) playFile(video);
  const source = playing.source ?? (file || view.stream_url);
  if (source && !playing.source) {
    playing.source = source;
    if (source === file) {
      video.src = file;
      offerToPlay(true);
    } else {
      playStream(source);
    }
  }

  const visible = Boolean(playing.source);
  show(el('stage'), visible || view.status === 'queued' || view.status === 'running');
  show(video, visible);
  show(el('poster'), !visible && Boolean(el('poster').getAttribute('src')));
  setText(el('waiting'), visible ? '' : waitingWords(view));
}

/** Ends playing, for another talk or none. */
export function stopPlayer() {
  const video = el('video');
  playing?.hls?.destroy();
  playing = null;
  video.removeAttribute('src');
  video.removeAttribute('poster');
  video.load();
  show(video, false);
  offerToPlay(false);
  clearPicture(el('poster'));
  show(el('poster'), false);
}

function showPoster(view, poster) {
  const { width, height } = view.effective_size;
  el('stage').style.aspectRatio = `${width} / ${height}`;
  el('stage').style.setProperty('--shape', String(width / height));
  if (poster && el('poster').getAttribute('src') !== poster) {
    showPicture(el('poster'), [poster]);
  }
}

function waitingWords({ status }) {
  if (status === 'queued' || status === 'running') return 'It plays here as soon as the first window is made.';
  return '';
}

/** The file instead of a stream that does not play. */
function playFile(video) {
  playing.hls?.destroy();
  Object.assign(playing, { hls: null, source: playing.file });
  video.src = playing.file;
  start(video);
}

/** A file that stopped coming is asked for again, less and less often, and goes on where it had stopped. */
function playFileAgain(video) {
  const mine = playing;
  const { currentTime, paused } = video;
  setTimeout(() => {
    if (playing !== mine) return;
    video.src = mine.file;
    video.currentTime = currentTime;
    if (!paused) start(video);
  }, Math.min(retryMilliseconds * 2 ** mine.failures++, mostRetryMilliseconds));
}

async function playStream(address) {
  const mine = playing;
  const video = el('video');
  const Hls = await import(hlsModule).then(module => module.default, () => null);
  if (playing !== mine) return;
  if (!Hls) {
    setTimeout(() => playing === mine && (mine.file ? playFile(video) : playStream(address)), retryMilliseconds);
    return;
  }

  if (!Hls.isSupported()) {
    video.src = address;
    start(video);
    return;
  }

  const own = new URL(address, location.href).origin === location.origin;
  const hls = new Hls({
    enableWorker: false, // it would run from a blob address, which the page's policy does not allow
    startPosition: 0,
    backBufferLength: Infinity,
    manifestLoadPolicy: loadPolicy, playlistLoadPolicy: loadPolicy, fragLoadPolicy: loadPolicy,
    // The key is for this server only: buckets are reached without.
    xhrSetup: (request, url) => {
      if (own && new URL(url, location.href).origin === location.origin) {
        for (const [name, value] of Object.entries(keyHeaders())) request.setRequestHeader(name, value);
      }
    },
  });
  mine.hls = hls;
  hls.on(Hls.Events.MANIFEST_PARSED, () => start(video));
  hls.on(Hls.Events.ERROR, (_, { fatal, type }) => fatal && recover(hls, Hls, type));
  hls.loadSource(address);
  hls.attachMedia(video);
}

/** A server that was away comes back; a decoder that stumbled goes on behind the place. */
function recover(hls, Hls, type) {
  if (type === Hls.ErrorTypes.MEDIA_ERROR) {
    hls.recoverMediaError();
    return;
  }

  setTimeout(() => {
    if (playing?.hls !== hls) return;
    if (playing.file) return playFile(el('video'));
    if (hls.levels.length === 0) return hls.loadSource(playing.source);
    hls.startLoad();
  }, retryMilliseconds);
}

/** Plays, if the browser lets pages do so by themselves here; with reduced motion nothing moves unasked. */
function start(video) {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) offerToPlay(true);
  else video.play().catch(() => offerToPlay(video.paused));
}

const offerToPlay = offered => show(el('play'), offered);
