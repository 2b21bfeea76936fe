namespace WanTalk.Core.Takes;

/// <summary>Whether the picture runs through.</summary>
public enum Continuity
{
    /// <summary>One take: each window grows from the one before.</summary>
    Continuous,

    /// <summary>Takes that are cut at silences: sampled side by side, and each begins from the portrait again.</summary>
    Takes,
}
