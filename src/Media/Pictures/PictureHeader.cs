using WanTalk.Core.Sniffing;

namespace WanTalk.Media.Pictures;

/// <summary>What a picture's header says.</summary>
/// <param name="Kind">PNG, JPEG or WebP.</param>
/// <param name="Width">Pixels in a row, after the EXIF orientation was honoured.</param>
/// <param name="Height">Rows, after the EXIF orientation was honoured.</param>
public sealed record PictureHeader(MediaKind Kind, int Width, int Height);
