// A recording, decoded by the browser as far as it is needed: its length, and how loud it is over its time.

const mostDecodedBytes = 100e6; // more would fill the memory of a phone; the length is known without
const previewRate = 16_000;
const points = 600;

/** The loudest moments of a sound, in equal parts of its time, and its length. */
export async function listen(content) {
  if (content.size > mostDecodedBytes) return null;
  const sound = await new OfflineAudioContext(1, 1, previewRate).decodeAudioData(await content.arrayBuffer());
  return { seconds: sound.duration, peaks: peaksOf(sound) };
}

/** The length of what an audio element plays, once it knows. */
export function lengthOf(audio) {
  return new Promise(resolve => {
    const told = () => resolve(Number.isFinite(audio.duration) ? audio.duration : null);
    if (audio.readyState >= 1) told();
    audio.addEventListener('loadedmetadata', told, { once: true });
    audio.addEventListener('error', () => resolve(null), { once: true });
  });
}

/** A recording as WAV (16 bits, one channel, 48 kHz): what recorders write lacks its length, and cannot be read by everybody. */
export async function toWav(recording) {
  const rate = 48_000;
  const sound = await new OfflineAudioContext(1, 1, rate).decodeAudioData(await recording.arrayBuffer());
  const samples = sound.getChannelData(0);
  const wav = new DataView(new ArrayBuffer(44 + (samples.length * 2)));
  const text = (at, letters) => [...letters].forEach((letter, index) => wav.setUint8(at + index, letter.charCodeAt(0)));
  text(0, 'RIFF'); wav.setUint32(4, 36 + (samples.length * 2), true); text(8, 'WAVEfmt ');
  wav.setUint32(16, 16, true); wav.setUint16(20, 1, true); wav.setUint16(22, 1, true);
  wav.setUint32(24, rate, true); wav.setUint32(28, rate * 2, true); wav.setUint16(32, 2, true); wav.setUint16(34, 16, true);
  text(36, 'data'); wav.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, index) => wav.setInt16(44 + (index * 2), Math.max(-1, Math.min(1, sample)) * 32767, true));
  return new Blob([wav], { type: 'audio/wav' });
}

function peaksOf(sound) {
  const samples = sound.getChannelData(0);
  const step = Math.max(1, Math.ceil(samples.length / points));
  const peaks = [];
  for (let at = 0; at < samples.length; at += step) {
    let peak = 0;
    for (let index = at; index < Math.min(at + step, samples.length); index++) peak = Math.max(peak, Math.abs(samples[index]));
    peaks.push(peak);
  }

  return peaks;
}
