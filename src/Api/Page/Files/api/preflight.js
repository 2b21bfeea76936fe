import { read } from './client.js';

// What is to be said of a portrait or a speech before there is a talk.

const firstLookMilliseconds = 300;
const longestLookMilliseconds = 2_000;

/**
 * Has inputs looked at, and waits for what is found.
 * @returns the preflight, which is completed or has failed
 * @throws {ApiError} the request is refused, or the server does not answer
 */
export async function preflight(request, signal) {
  let found = await read('api/preflight', { method: 'POST', json: request, signal, asks: false });
  for (let wait = firstLookMilliseconds; found.status === 'running'; wait = Math.min(wait * 1.3, longestLookMilliseconds)) {
    await new Promise(resolve => setTimeout(resolve, wait));
    found = await read(`api/preflight/${encodeURIComponent(found.id)}`, { signal, asks: false });
  }

  return found;
}
