namespace WanTalk.Core.Talks;

/// <summary>Tells files apart by their first bytes, which is as far as one can look without decoding.</summary>
public static class MediaSignature
{
    /// <summary>Whether the bytes start as a PNG, JPEG or WebP file does.</summary>
    /// <param name="head">The first bytes of the file; twelve are enough.</param>
    public static bool IsPicture(ReadOnlySpan<byte> head) =>
        head.StartsWith(Png) || head.StartsWith(Jpeg) || IsWebP(head);

    private static ReadOnlySpan<byte> Png => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> Jpeg => [0xFF, 0xD8, 0xFF];

    private static bool IsWebP(ReadOnlySpan<byte> head) =>
        head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8);
}
