namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>The arithmetic of windows.</summary>
internal static class WindowShape
{
    /// <summary>Frames of a window.</summary>
    public const int Frames = 81;

    /// <summary>Frames that a window shares with the one before.</summary>
    public const int Shared = 9;

    /// <summary>Frames from one window's beginning to the next one's.</summary>
    public const int Stride = Frames - Shared;

    /// <summary>Frames on each side of a window that the audio conditioning looks at.</summary>
    public const int Neighbours = 2;
}
