import { el, setText, show } from '../shared/dom.js';

// The API key: asked for once, when the server wants one; kept in this browser until it is forgotten.

const name = 'wantalk_key';
let asking = null;
let wanted = false;

/** The key; null for none. */
export const currentKey = () => localStorage.getItem(name);

/** The headers with which the API is asked. */
export const keyHeaders = () => (currentKey() ? { Authorization: `Bearer ${currentKey()}` } : {});

/** The server wants a key: asks for it, if that is wanted; several at the same time wait for one answer. Gives whether there is one now. */
export async function keyIsWanted(reason, asks) {
  wanted = true;
  applyKey();
  if (!asks) return false;
  asking ??= openDialog(reason).finally(() => { asking = null; });
  return asking;
}

/** Connects the button that forgets the key, or asks for one; calls a function when it has changed. */
export function startKeyButton(changed) {
  el('key-button').addEventListener('click', async () => {
    if (currentKey()) {
      localStorage.removeItem(name);
      applyKey();
      changed();
    } else if (await keyIsWanted('It has none from you yet.', true)) {
      changed();
    }
  });
}

/** Shows whether there is a key, and gives it to what sends no headers. */
export function applyKey() {
  const key = currentKey();
  const life = key ? 'max-age=31536000' : 'max-age=0';
  // Videos, pictures and Safari's player ask with cookies only. The server takes this one for reads alone.
  document.cookie = `${name}=${encodeURIComponent(key ?? '')}; path=/api/talks; samesite=strict; ${life}${location.protocol === 'https:' ? '; secure' : ''}`;
  show(el('key-button'), key !== null || wanted);
  setText(el('key-button'), key === null ? 'Enter key' : 'Forget key');
}

function openDialog(reason) {
  const dialog = el('key-dialog');
  const value = el('key-value');
  el('key-reason').textContent = reason;
  value.value = '';
  dialog.returnValue = '';
  return new Promise(resolve => {
    el('key-cancel').onclick = () => dialog.close('');
    el('key-submit').onclick = event => {
      event.preventDefault();
      if (value.value.trim()) dialog.close('use');
      else value.focus();
    };
    dialog.onclose = () => {
      const used = dialog.returnValue === 'use';
      if (used) {
        localStorage.setItem(name, value.value.trim());
        applyKey();
      }
      value.value = '';
      resolve(used);
    };
    dialog.showModal();
    value.focus();
  });
}
