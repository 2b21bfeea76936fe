import { keyHeaders } from './key.js';
import { readTalk } from './talks.js';
import { ApiError } from './problem.js';

// A talk, live: Server-Sent Events read with fetch, since EventSource sends no key. Where they do not come through, the talk is polled.

const quietMilliseconds = 25_000; // the server says something every 15 s
const mostFailures = 3;
const pollMilliseconds = 2_000;
const pollsBeforeEvents = 15;
const mostWaitMilliseconds = 10_000;

/**
 * Watches a talk until it ends or the signal fires.
 * @param {string} id
 * @param {{view: (view: object) => void, away: (away: boolean) => void}} listener is told each state, and whether the server answers
 * @throws {ApiError} there is no such talk, or the key is not accepted
 */
export async function watch(id, listener, signal) {
  const seen = { last: null, ended: false };
  let failures = 0;
  while (!signal.aborted && !seen.ended) {
    const came = await readEvents(id, seen, listener, signal);
    if (signal.aborted || seen.ended) return;
    failures = came ? 0 : failures + 1;
    if (failures >= mostFailures) {
      await poll(id, seen, listener, signal);
      failures = 0;
    } else {
      await pause(failures * 500, signal);
    }
  }
}

/** Reads events until the connection ends; gives whether any came. */
async function readEvents(id, seen, listener, signal) {
  const connection = new AbortController();
  const stop = () => connection.abort();
  signal.addEventListener('abort', stop);
  let quiet = setTimeout(stop, quietMilliseconds);
  let came = false;
  try {
    const headers = { Accept: 'text/event-stream', ...keyHeaders(), ...(seen.last ? { 'Last-Event-ID': seen.last } : {}) };
    const response = await fetch(`api/talks/${encodeURIComponent(id)}/events`, { headers, cache: 'no-store', signal: connection.signal });
    if (response.status === 204) {
      seen.ended = true;
      return true;
    }

    if (!response.ok) return false;
    let text = '';
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return came;
      clearTimeout(quiet);
      quiet = setTimeout(stop, quietMilliseconds);
      text += value;
      const blocks = text.split('\n\n');
      text = blocks.pop();
      for (const event of blocks.map(parse).filter(event => event.data)) {
        came = true;
        seen.last = event.id;
        listener.away(false);
        listener.view(JSON.parse(event.data));
        seen.ended = event.event === 'end';
      }
    }
  } catch {
    return came;
  } finally {
    clearTimeout(quiet);
    signal.removeEventListener('abort', stop);
  }
}

const parse = block => Object.fromEntries(block.split('\n').map(line => {
  const colon = line.indexOf(': ');
  return colon > 0 ? [line.slice(0, colon), line.slice(colon + 2)] : ['', ''];
}));

/** Asks again and again, for a while; less often where nobody answers. */
async function poll(id, seen, listener, signal) {
  let wait = pollMilliseconds;
  for (let polls = 0; polls < pollsBeforeEvents && !signal.aborted; polls++) {
    try {
      const view = await readTalk(id, signal);
      listener.away(false);
      listener.view(view);
      wait = pollMilliseconds;
      if (['completed', 'failed', 'cancelled'].includes(view.status)) {
        seen.ended = true;
        return;
      }
    } catch (failure) {
      if (signal.aborted) return;
      if (failure instanceof ApiError && [401, 403, 404].includes(failure.status)) throw failure;
      listener.away(true);
      wait = Math.min(wait * 1.5, mostWaitMilliseconds);
    }

    await pause(wait, signal);
  }
}

const pause = (milliseconds, signal) => new Promise(resolve => {
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
});
