import { currentKey, keyIsWanted, keyHeaders } from './key.js';
import { ApiError } from './problem.js';

/**
 * Asks the API, and the reader for the key where one is wanted (`asks`: not for what nobody has asked for); gives the answer, whatever its status below 400.
 * @throws {ApiError} the API refuses, or does not answer
 */
export async function send(path, { method = 'GET', json, headers = {}, signal, asks = true } = {}) {
  const body = json === undefined ? undefined : JSON.stringify(json);
  const type = json === undefined ? {} : { 'Content-Type': 'application/json' };
  for (;;) {
    const key = currentKey();
    let response;
    try {
      response = await fetch(path, { method, body, signal, cache: 'no-store', headers: { ...type, ...headers, ...keyHeaders() } });
    } catch (failure) {
      if (failure.name === 'AbortError') throw failure;
      throw ApiError.unreachable();
    }

    if (response.ok) return response;
    const error = await ApiError.of(response);
    // Another request may have been given a key meanwhile.
    const again = response.status === 401 && (currentKey() !== key || await keyIsWanted(error.message, asks));
    if (!again) throw error;
  }
}

/** Asks the API for JSON. */
export const read = async (path, options) => (await send(path, options)).json();
