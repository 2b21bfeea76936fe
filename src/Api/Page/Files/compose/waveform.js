/**
 * Draws a waveform into a canvas, in the colours of its place; what is outside of the part that is used is pale.
 * @param {number[]} peaks 0 to 1
 * @param {{from: number, to: number}} used shares of the length, 0 to 1
 */
export function drawWaveform(canvas, peaks, used) {
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (width === 0) return;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  context.scale(scale, scale);
  const style = getComputedStyle(canvas);
  const [accent, pale] = [style.getPropertyValue('--accent'), style.getPropertyValue('--line')];
  const bars = Math.floor(width / 4);
  const loudest = Math.max(0.05, ...peaks);
  for (let bar = 0; bar < bars; bar++) {
    const first = Math.floor(bar * peaks.length / bars);
    const last = Math.max(first + 1, Math.floor((bar + 1) * peaks.length / bars));
    const peak = Math.max(...peaks.slice(first, last), 0) / loudest;
    const tall = Math.max(2, peak * (height - 8));
    const share = bar / bars;
    context.fillStyle = share >= used.from && share < used.to ? accent : pale;
    context.beginPath();
    context.roundRect((bar * 4) + 1, (height - tall) / 2, 2.4, tall, 1.2);
    context.fill();
  }
}
