namespace WanTalk.Core.Talks;

/// <summary>What a request may ask for.</summary>
public static class TalkLimits
{
    /// <summary>The shortest side, in pixels.</summary>
    public const int MinSide = 128;

    /// <summary>The longest side, in pixels.</summary>
    public const int MaxSide = 1536;

    /// <summary>The most pixels in a frame, in effective sides.</summary>
    public const long MaxPixels = 1_048_576;

    /// <summary>Above so many pixels the 480p model is out of what it was trained for; the talk carries a warning.</summary>
    public const long WarnPixels = 410_000;

    /// <summary>The largest seed: what a double carries exactly, so that every JSON reader keeps it.</summary>
    public const long MaxSeed = (1L << 53) - 1;

    /// <summary>The longest prompt, in characters.</summary>
    public const int MaxPromptLength = 2_000;

    /// <summary>The fewest frames that num_frames may ask for: the shortest speech.</summary>
    public const int MinFrames = 5;

    /// <summary>The most frames that num_frames may ask for: ten hours.</summary>
    public const int MaxFrames = 900_000;

    /// <summary>The least of expires_in, in seconds: an hour.</summary>
    public const long MinExpiresIn = 3_600;

    /// <summary>The most of expires_in, in seconds: a year.</summary>
    public const long MaxExpiresIn = 31_536_000;

    /// <summary>The most entries of metadata.</summary>
    public const int MaxMetadataEntries = 16;

    /// <summary>The longest name of an entry of metadata, in characters.</summary>
    public const int MaxMetadataName = 64;

    /// <summary>The longest value of an entry of metadata, in characters.</summary>
    public const int MaxMetadataValue = 512;

    /// <summary>The longest address of an input, in characters; presigned ones are long.</summary>
    public const int MaxUrlLength = 4_096;

    /// <summary>The largest portrait file, in bytes.</summary>
    public const long MaxPortraitBytes = 64L << 20;

    /// <summary>The largest speech file, in bytes: ten hours of 48 kHz stereo in 16 bits fit.</summary>
    public const long MaxSpeechBytes = 8L << 30;

    /// <summary>The shortest speech, in seconds.</summary>
    public const double MinSpeechSeconds = 0.2;

    /// <summary>The prompt of a talk that gives none.</summary>
    public const string DefaultPrompt = "A person is talking";
}
