import { read } from './client.js';
import { ApiError } from './problem.js';

/**
 * Sends a file to where an upload goes: this server, or the account that the server names.
 * @param {Blob} file
 * @param {(share: number) => void} progress is told how much was sent, 0 to 1
 * @returns what talks call it, and until when
 */
export async function upload(file, progress, signal) {
  const target = await read('api/uploads', { method: 'POST', signal });
  if (file.size > target.max_bytes) {
    throw new ApiError(413, [{ code: 'request_too_large', message: `The file has ${file.size} bytes. Give one of at most ${target.max_bytes}.` }]);
  }

  await put(target, file, progress, signal);
  return { reference: target.upload, until: Date.parse(target.usable_until) };
}

// XMLHttpRequest and not fetch, which does not tell how much was sent.
function put(target, file, progress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(target.method, target.url);
    for (const [name, value] of Object.entries(target.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = event => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => (request.status < 300 ? resolve() : reject(refusal(request.status)));
    request.onerror = () => reject(ApiError.unreachable());
    request.onabort = () => reject(new DOMException('The upload was given up.', 'AbortError'));
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

const refusal = status => new ApiError(status, [{ code: 'upload_failed', message: `The file was not taken (${status}). Choose it again.` }]);
