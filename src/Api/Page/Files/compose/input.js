import { el, setText, show } from '../shared/dom.js';
import { notice, tell } from '../shared/messages.js';
import { draft, setInput } from './draft.js';
import { takeDrops } from './drop.js';

// What the two inputs have in common: a file that is chosen or dropped, or an address.

/** Connects the controls of an input. */
export function connect(which) {
  const take = file => {
    notice('');
    tell(which, []);
    setInput(which, { file, name: file.name });
  };
  takeDrops(el(`${which}-input`), take);
  el(`${which}-file`).addEventListener('change', event => {
    const [file] = event.target.files;
    if (file) take(file);
    event.target.value = '';
  });
  el(`${which}-clear`).addEventListener('click', () => {
    tell(which, []);
    setInput(which, null);
    el(`${which}-file`).focus();
  });
  const use = () => {
    const url = el(`${which}-url`).value.trim();
    if (!/^https?:\/\/\S+$/.test(url)) {
      tell(which, [{ message: 'This is no address. Give one that begins with https:// or http://.' }]);
      el(`${which}-url`).focus();
      return;
    }

    tell(which, []);
    setInput(which, { url, name: decodeURIComponent(new URL(url).pathname.split('/').pop() || url) });
  };
  el(`${which}-use`).addEventListener('click', use);
  el(`${which}-url`).addEventListener('keydown', event => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    use();
  });
}

/** Shows what there is of an input: whether it can be removed, what it is, how much of it was sent. */
export function showAbout(which, parts) {
  const input = draft[which];
  show(el(`${which}-clear`), input !== null);
  const sending = typeof input?.sent === 'number' ? [`sent ${Math.round(input.sent * 100)} %`] : [];
  setText(el(`${which}-about`), input ? [input.name, ...parts, ...sending].filter(Boolean).join(' · ') : '');
  if (input?.problem) tell(which, input.problem.errors);
}
