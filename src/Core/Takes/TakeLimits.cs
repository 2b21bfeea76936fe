using WanTalk.Core.Windows;

namespace WanTalk.Core.Takes;

/// <summary>What a request may ask of its takes.</summary>
public static class TakeLimits
{
    /// <summary>The shortest length that may be wished for, in seconds.</summary>
    public const double MinSeconds = 4;

    /// <summary>The longest length that may be wished for, in seconds.</summary>
    public const double MaxSeconds = 600;

    /// <summary>The length that a talk wishes for when it does not say, in seconds.</summary>
    public const double DefaultSeconds = 20;

    /// <summary>The fewest frames of a take: what needs two windows.</summary>
    public const int MinFrames = WindowArithmetic.WindowFrames + 1;

    /// <summary>How many takes a talk is cut into, about: an orchestration reads its history, with each of its takes, in every turn.</summary>
    public const int MostTakes = 1_000;
}
