const firstMilliseconds = 2_000;
const mostMilliseconds = 300_000;

/**
 * Shows a picture at the first of its addresses that has one. A server that was away comes back: where none has, all are asked
 * again, less and less often, until the picture has left the page or is to show another.
 */
export function showPicture(picture, addresses) {
  let failures = 0;
  const next = () => {
    failures += 1;
    const rounds = Math.floor(failures / addresses.length);
    const wait = failures % addresses.length === 0 ? Math.min(firstMilliseconds * 2 ** (rounds - 1), mostMilliseconds) : 0;
    setTimeout(() => {
      if (picture.isConnected && picture.onerror === next) picture.src = addresses[failures % addresses.length];
    }, wait);
  };
  picture.onerror = next;
  picture.src = addresses[0];
}

/** Shows none any more. */
export function clearPicture(picture) {
  picture.onerror = null;
  picture.removeAttribute('src');
}
