import { el, show } from '../shared/dom.js';
import { tell } from '../shared/messages.js';
import { connect, showAbout } from './input.js';
import { crop, effectiveSide } from './crop.js';
import { draft, onChange, touch } from './draft.js';

const longestPreviewSide = 720;

/** Shows the portrait as it will be cropped. */
export function startPortrait() {
  connect('portrait');
  onChange(what => {
    if (what === 'portrait' && draft.portrait && !draft.portrait.looking) look(draft.portrait);
    if (what !== 'speech') draw();
  });
}

/** The size that the video will have. */
export const frameOf = settings => ({ width: effectiveSide(settings.width), height: effectiveSide(settings.height) });

async function look(input) {
  input.looking = true;
  const picture = new Image();
  picture.alt = '';
  picture.src = input.preview ?? input.url ?? URL.createObjectURL(input.file);
  try {
    await picture.decode();
    input.picture = picture;
  } catch {
    input.unseen = true;
    if (draft.portrait === input) {
      tell('portrait', [{ severity: 'warning', message: 'This browser cannot show it. Give a JPEG or PNG picture of a face, or let the server look at it.' }]);
    }
  } finally {
    if (input.file) URL.revokeObjectURL(picture.src);
  }

  touch('portrait');
}

function draw() {
  const picture = draft.portrait?.picture;
  const canvas = el('portrait-canvas');
  show(canvas, Boolean(picture));
  show(el('portrait-hint'), !picture);
  el('portrait-hint').textContent = draft.portrait ? (draft.portrait.unseen ? 'No preview' : 'Looking at it…') : 'Drop a picture of a face here';
  const frame = frameOf(draft.settings);
  if (!picture || !(frame.width >= 16 && frame.height >= 16)) {
    showAbout('portrait', []);
    return;
  }

  const size = { width: picture.naturalWidth, height: picture.naturalHeight };
  const part = crop(size, frame);
  const scale = Math.min(1, longestPreviewSide / Math.max(frame.width, frame.height));
  canvas.width = Math.round(frame.width * scale);
  canvas.height = Math.round(frame.height * scale);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, part.left, part.top, part.width, part.height, 0, 0, canvas.width, canvas.height);
  const kept = Math.round(100 * part.width * part.height / (size.width * size.height));
  showAbout('portrait', [`${size.width} × ${size.height}`, kept < 100 ? `${kept} % of it shown, as ${frame.width} × ${frame.height}` : `as ${frame.width} × ${frame.height}`]);
}
