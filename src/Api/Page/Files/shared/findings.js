import { make } from './dom.js';

/** Fills a list with what preflight has found; what has not changed is not read aloud again. */
export function fillFindings(list, findings) {
  if (list.textContent === findings.map(finding => finding.message).join('')) return;
  list.replaceChildren(...findings.map(({ message, severity }) => make('li', { className: severity, textContent: message })));
}
