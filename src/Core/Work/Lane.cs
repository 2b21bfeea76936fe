namespace WanTalk.Core.Work;

/// <summary>A queue and the runners that serve it.</summary>
public enum Lane
{
    /// <summary>ffmpeg work, several at a time; no GPU and no engine.</summary>
    Media,

    /// <summary>Separate and embed, one at a time.</summary>
    Embed,

    /// <summary>Sampling, one at a time.</summary>
    Sample,
}
