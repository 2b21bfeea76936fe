/** Takes files that are dropped on an element, or pasted while it has the focus. */
export function takeDrops(element, take) {
  let depth = 0;
  const mark = by => {
    depth = Math.max(0, depth + by);
    element.classList.toggle('over', depth > 0);
  };
  element.addEventListener('dragenter', event => { event.preventDefault(); mark(1); });
  element.addEventListener('dragover', event => event.preventDefault());
  element.addEventListener('dragleave', () => mark(-1));
  element.addEventListener('drop', event => {
    event.preventDefault();
    mark(-depth);
    const [file] = event.dataTransfer.files;
    if (file) take(file);
  });
}

/** A file that misses its place is not opened instead of the page. */
export function keepPageOnDrop() {
  for (const name of ['dragover', 'drop']) window.addEventListener(name, event => event.preventDefault());
}
