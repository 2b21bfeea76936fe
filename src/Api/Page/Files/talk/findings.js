import { el, show } from '../shared/dom.js';
import { fillFindings } from '../shared/findings.js';

/** Shows what preflight has found, beside what it is about, and all else that a talk's owner should know. */
export function showFindings(view) {
  const said = view.preflight.map(finding => finding.message);
  const groups = {
    portrait: view.preflight.filter(finding => finding.about === 'portrait'),
    speech: view.preflight.filter(finding => finding.about === 'speech'),
    talk: view.warnings.filter(warning => !said.includes(warning)).map(message => ({ message, severity: 'warning' })),
  };
  for (const [about, findings] of Object.entries(groups)) {
    const part = el(`findings-${about}`);
    show(part, findings.length > 0);
    fillFindings(part.querySelector('ul'), findings);
  }

  show(el('findings'), Object.values(groups).some(findings => findings.length > 0));
}
