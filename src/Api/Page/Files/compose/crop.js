// The part of the portrait that the video shows: as src/Media/Pictures/PictureCropper.cs and src/Core/Talks/FrameSize.cs reckon it.

const sideMultiple = 16;

/** The nearest side that the model can make, half up. */
export const effectiveSide = side => Math.floor((side + (sideMultiple / 2)) / sideMultiple) * sideMultiple;

/** The largest centred part of a picture with the proportions of a frame. */
export function crop(picture, frame) {
  const between = (value, most) => Math.min(Math.max(Math.floor(value), 1), most);
  const width = between(picture.height * frame.width / frame.height, picture.width);
  const height = between(picture.width * frame.height / frame.width, picture.height);
  return { left: Math.floor((picture.width - width) / 2), top: Math.floor((picture.height - height) / 2), width, height };
}
