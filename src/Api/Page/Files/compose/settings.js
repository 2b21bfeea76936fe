import { el, make } from '../shared/dom.js';
import { draft, setSettings } from './draft.js';

// The settings of a talk: fields of the API's request, under their names.

const shapes = [
  ['640x640', 'Square 640 × 640'], ['832x480', 'Wide 832 × 480'], ['480x832', 'Upright 480 × 832'], ['256x256', 'Small 256 × 256'], ['other', 'Another size'],
];

const presets = [
  ['recommended', 'Recommended'], ['fast', 'Fast: less memory'], ['best', 'Best'], ['undistilled', 'Undistilled: 20 times as slow'],
];

const fields = [
  { name: 'shape', label: 'Shape', choices: shapes, local: true },
  { name: 'width', label: 'Width', type: 'number', least: 128, most: 1536, value: 640 },
  { name: 'height', label: 'Height', type: 'number', least: 128, most: 1536, value: 640 },
  { name: 'preset', label: 'Quality', choices: presets },
  { name: 'continuity', label: 'Picture', choices: [['continuous', 'Runs through'], ['takes', 'Cut at silences: takes side by side']] },
  { name: 'take_seconds', label: 'Seconds a take', type: 'number', least: 4, most: 600, placeholder: '20', step: 'any' },
  { name: 'prompt', label: 'What the picture shows', type: 'text', placeholder: 'A person is talking', more: true, wide: true },
  { name: 'negative_prompt', label: 'What it should not show', type: 'text', more: true, wide: true },
  { name: 'audio_start', label: 'From second', type: 'number', least: 0, placeholder: '0', step: 'any', more: true },
  { name: 'audio_end', label: 'To second', type: 'number', least: 0, placeholder: 'end', step: 'any', more: true },
  { name: 'seed', label: 'Seed', type: 'number', least: 0, placeholder: 'drawn', more: true },
  { name: 'steps', label: 'Steps', type: 'number', least: 1, placeholder: 'by quality', more: true },
];

/** Makes the fields, and tells the draft what they hold. */
export function startSettings() {
  for (const field of fields) el(field.more ? 'more-settings' : 'settings').append(elementOf(field));
  el('shape').addEventListener('input', () => {
    const [width, height] = el('shape').value.split('x').map(Number);
    if (!height) return;
    Object.entries({ width, height }).forEach(([name, side]) => { el(name).value = side; });
    readAll();
  });
  for (const field of fields.filter(field => !field.local)) el(field.name).addEventListener('input', readAll);
  readAll();
}

/** Whether there is a field for a setting. */
export const isField = name => fields.some(field => field.name === name);

/** Shows settings that were kept. */
export function showSettings(settings) {
  for (const field of fields.filter(field => !field.local)) el(field.name).value = settings[field.name] ?? field.value ?? field.choices?.[0][0] ?? '';
  readAll();
}

/** The settings as the API takes them: what was left open is left out. */
export const requestSettings = () => Object.fromEntries(Object.entries(draft.settings).filter(([name]) => name !== 'take_seconds' || draft.settings.continuity === 'takes'));

function readAll() {
  const settings = {};
  for (const { name, type, local } of fields) {
    const text = el(name).value.trim();
    if (!local && text !== '') settings[name] = type === 'number' ? Number(text) : text;
  }

  const size = `${settings.width}x${settings.height}`;
  el('shape').value = shapes.some(([name]) => name === size) ? size : 'other';
  el('take_seconds').closest('.field').hidden = settings.continuity !== 'takes';
  setSettings(settings);
}

function elementOf({ name, label, choices, type, least, most, value, placeholder, step, wide }) {
  const control = choices
    ? make('select', { id: name }, ...choices.map(([choice, words]) => make('option', { value: choice, textContent: words })))
    : make('input', { id: name, type, value: value ?? '', placeholder: placeholder ?? '', min: least ?? '', max: most ?? '', step: step ?? '', autocomplete: 'off' });
  control.setAttribute('aria-describedby', `${name}-messages`);
  return make('div', { className: wide ? 'field wide' : 'field' },
    make('label', { htmlFor: name, textContent: label }), control, make('ul', { className: 'messages', id: `${name}-messages`, 'aria-live': 'polite' }));
}
