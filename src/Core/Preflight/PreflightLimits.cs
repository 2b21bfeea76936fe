using WanTalk.Core.Orchestration;

namespace WanTalk.Core.Preflight;

/// <summary>How much of a media runner's time preflights without a talk may take, and for how long they are kept.</summary>
public sealed record PreflightLimits
{
    /// <summary>
    /// How long one waits for a runner, in seconds, before it ends. Default 180, 1 to 3,600: a media runner that was scaled to none takes a
    /// minute or two.
    /// </summary>
    public double StartSeconds { get; init; } = 180;

    /// <summary>
    /// How long a runner looks at the inputs, in seconds, before it lets go of them. Default 120, 1 to 3,600: the longest that a talk's
    /// prepare waits behind one. A speech of hours may take longer, and is looked at when its talk is made.
    /// </summary>
    public double WorkSeconds { get; init; } = 120;

    /// <summary>How many of one caller's are under way at most. Default 8, 1 to 1,000: a page asks for two, and again when an input changes.</summary>
    public int MostUnderWay { get; init; } = 8;

    /// <summary>For how long what was found is kept. One hour: whoever asked for it waits for it.</summary>
    public static TimeSpan Keep { get; } = TimeSpan.FromHours(1);

    /// <summary>The limits as an orchestration has them.</summary>
    /// <param name="at">From when the waiting counts.</param>
    internal TimeLimits From(DateTimeOffset at) => new(at.AddSeconds(StartSeconds), WorkSeconds);

    /// <summary>Whether one may still be under way.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="now">Now.</param>
    internal bool MayBeUnderWay(string id, DateTimeOffset now) => PreflightId.KeptUntil(id) - Keep + TimeSpan.FromSeconds(StartSeconds + WorkSeconds) > now;
}
