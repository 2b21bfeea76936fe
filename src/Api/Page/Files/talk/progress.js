import { el, make, setText, show } from '../shared/dom.js';
import { drawWindows } from '../shared/windows.js';
import { duration, stageWords, things } from '../shared/words.js';

const stages = Object.keys(stageWords).filter(stage => stage !== 'notify');

/** Shows how far a talk is: its windows, its step, what is left. */
export function showProgress(view) {
  setText(el('progress-now'), nowWords(view));
  setText(el('progress-detail'), detailWords(view));
  const takes = view.take_progress;
  show(el('talk-windows'), takes.length > 0);
  const sampling = view.status === 'running' && view.stage === 'sample';
  const current = sampling ? (view.steps ? (view.step ?? 0) / view.steps : 0) : null;
  if (takes.length > 0) drawWindows(el('talk-windows'), takes, { current });
  showStages(view);
}

function nowWords(view) {
  switch (view.status) {
    case 'queued': return 'Waiting for its turn';
    case 'running': return stageWords[view.stage] ?? 'Beginning';
    case 'completed': return 'The video is ready';
    case 'cancelled': return 'It was cancelled';
    default: return 'It ended without a video';
  }
}

function detailWords(view) {
  const parts = [];
  if (view.windows_planned) parts.push(`${view.windows_done} of ${things(view.windows_planned, 'window')}`);
  if (view.status === 'running' && view.stage === 'sample' && view.steps) parts.push(`step ${Math.min((view.step ?? 0) + 1, view.steps)} of ${view.steps}`);
  if (view.status === 'running' && view.seconds_left > 0) parts.push(`about ${duration(view.seconds_left)} left`);
  if (view.status === 'running' || view.status === 'queued') parts.push(`${Math.round(view.percent)} %`);
  return parts.join(' · ');
}

function showStages(view) {
  const list = el('stages');
  if (list.children.length === 0) {
    list.append(...stages.map(stage => make('li', {}, make('span', { className: 'stage-name', textContent: stage }), make('span', { className: 'stage-time' }))));
  }

  stages.forEach((stage, index) => {
    const item = list.children[index];
    const seconds = view.stage_seconds[stage];
    const now = view.status === 'running' && view.stage === stage;
    item.classList.toggle('done', seconds !== undefined);
    item.classList.toggle('now', now);
    item.classList.toggle('failed', view.status === 'failed' && view.stage === stage);
    if (now) item.setAttribute('aria-current', 'step');
    else item.removeAttribute('aria-current');
    setText(item.lastChild, seconds === undefined ? '' : duration(seconds));
  });
}
