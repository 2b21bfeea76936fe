namespace WanTalk.Core.Sniffing;

/// <summary>What the first bytes of a file say that it is.</summary>
public enum MediaKind
{
    /// <summary>Nothing that is known here; it may still be something that ffmpeg reads.</summary>
    Unknown,

    /// <summary>Words: printable UTF-8 or UTF-16.</summary>
    Text,

    /// <summary>A PNG picture.</summary>
    Png,

    /// <summary>A JPEG picture.</summary>
    Jpeg,

    /// <summary>A WebP picture.</summary>
    Webp,

    /// <summary>A GIF picture.</summary>
    Gif,

    /// <summary>A Windows bitmap.</summary>
    Bmp,

    /// <summary>A TIFF picture.</summary>
    Tiff,

    /// <summary>A HEIF picture: HEIC or AVIF.</summary>
    Heif,

    /// <summary>A WAV recording, of 32 or 64 bits.</summary>
    Wav,

    /// <summary>An MP3 recording, with or without an ID3 tag in front.</summary>
    Mp3,

    /// <summary>A FLAC recording.</summary>
    Flac,

    /// <summary>An Ogg container: Vorbis, Opus and others.</summary>
    Ogg,

    /// <summary>An ISO base media file: MP4, M4A, MOV, 3GP.</summary>
    Mp4,

    /// <summary>A Matroska or WebM container.</summary>
    Matroska,

    /// <summary>A bare AAC stream (ADTS).</summary>
    Aac,

    /// <summary>An AIFF recording.</summary>
    Aiff,

    /// <summary>An AVI container.</summary>
    Avi,
}
