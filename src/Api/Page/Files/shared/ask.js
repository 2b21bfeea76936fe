import { el } from './dom.js';

/** Asks before something that cannot be undone; gives whether it is wanted. */
export function ask(title, text, yes) {
  const dialog = el('ask-dialog');
  el('ask-title').textContent = title;
  el('ask-text').textContent = text;
  el('ask-yes').textContent = yes;
  dialog.returnValue = '';
  return new Promise(resolve => {
    el('ask-yes').onclick = () => dialog.close('yes');
    el('ask-no').onclick = () => dialog.close('');
    dialog.onclose = () => resolve(dialog.returnValue === 'yes');
    dialog.showModal();
  });
}
