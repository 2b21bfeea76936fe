import { portraitOf } from '../api/talks.js';
import { isField } from './settings.js';

// A talk that this browser has kept nothing of, made again from what the server tells of it.

const marginMilliseconds = 5 * 60_000;
const noSettings = ['image_url', 'audio_url', 'stream'];

/** The inputs and settings of a talk, as far as they can be had. */
export function recipeOf(view) {
  const { image_url: portrait, audio_url: speech } = view.settings;
  return {
    settings: view.settings,
    portrait: inputOf(view, 'portrait', portrait, portraitOf(view)),
    speech: inputOf(view, 'speech', speech, null),
  };
}

/** What has to be done by hand before a recipe is the talk again, in sentences; empty for nothing. */
export function lackOf(recipe) {
  const inputs = ['portrait', 'speech'].filter(which => !recipe[which]);
  const settings = Object.keys(recipe.settings).filter(name => !isField(name) && !noSettings.includes(name));
  return [
    recipe.settings.preset ? '' : 'It was made with a workflow of its own, which this page does not send.',
    inputs.length > 0 ? `Choose the ${inputs.join(' and the ')} again: this browser has not kept what the talk was made of. Its settings are set.` : '',
    settings.length > 0 ? `This page has no field for ${settings.join(', ')}: the new talk has the preset’s.` : '',
  ].filter(Boolean).join(' ');
}

function inputOf(view, which, url, preview) {
  if (!url) return null;
  const upload = url.startsWith('upload:');
  if (upload && !(Date.parse(view.inputs_usable_until) - Date.now() > marginMilliseconds)) return null;
  return { url, name: view.metadata[which] ?? which, preview: upload ? preview : null };
}
