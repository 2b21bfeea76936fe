using WanTalk.Core.Errors;

namespace WanTalk.Core.Work;

/// <summary>What an attempt has to do: <c>request.json</c>.</summary>
/// <param name="Work">Which attempt it is.</param>
/// <param name="Reply">Whom to tell when it is done.</param>
/// <param name="Piece">The windows to sample; null for other stages.</param>
public sealed record AttemptRequest(WorkReference Work, ReplyAddress Reply, Piece? Piece)
{
    /// <summary>When it was handed over for the first time; null before that.</summary>
    public DateTimeOffset? HandedOverAt { get; init; }

    /// <summary>The span that handed it over, as a W3C <c>traceparent</c>; null where nobody traces.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>A run of windows of one take.</summary>
/// <param name="Take">The take, from 0.</param>
/// <param name="FirstWindow">The first window, from 0.</param>
/// <param name="Count">How many windows, at least 1.</param>
public sealed record Piece(int Take, int FirstWindow, int Count)
{
    /// <summary>The piece's key in paths and messages.</summary>
    public string Key => $"{Take:00}-{FirstWindow:0000}";
}

/// <summary>What an attempt came to: <c>result.json</c>, written once.</summary>
/// <param name="Error">Why it failed; null when it did not.</param>
/// <param name="Seconds">How long the runner worked.</param>
/// <param name="Runner">The runner's name.</param>
/// <param name="EngineSeconds">Of that, how long the engine was at its prompts.</param>
/// <param name="SecondsPerWindow">For a piece: how long a window took; null when none was sampled.</param>
/// <param name="NextWindow">For a piece: the first window of the take that is not committed.</param>
public sealed record AttemptResult(
    TalkError? Error, double Seconds, string Runner, double EngineSeconds, double? SecondsPerWindow = null, int? NextWindow = null);

/// <summary>The sign that an attempt's runner lives: <c>heartbeat.json</c>, written again and again.</summary>
/// <param name="Runner">The runner's name.</param>
/// <param name="At">When it was written.</param>
/// <param name="Window">The window that is being sampled; null for other stages.</param>
/// <param name="Step">The step of that window that is being done, from 0.</param>
/// <param name="Steps">How many steps that window has.</param>
public sealed record Heartbeat(string Runner, DateTimeOffset At, int? Window = null, int? Step = null, int? Steps = null);
