using WanTalk.Core.Errors;
using WanTalk.Core.Intake;

namespace WanTalk.Core.Orchestration;

/// <summary>
/// Tells how a talk ended. It is an orchestration of its own: a broker that is away for hours holds neither the talk's end nor its retry up.
/// </summary>
public static class NotifyOrchestration
{
    /// <summary>The registered name.</summary>
    public const string Name = "NotifyOrchestrator";

    /// <summary>Twenty attempts over a day: after 5 seconds, 10, 20 … and from the tenth on every two hours.</summary>
    public static ActivityRetryPolicy Patience { get; } = new(20, TimeSpan.FromSeconds(5), 2, TimeSpan.FromHours(2));

    /// <summary>Tells it.</summary>
    /// <returns>True; who cannot be told within a day is not told.</returns>
    public static Task<bool> RunAsync(IOrchestrationContext context, NotifyInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        return context.CallActivityAsync<bool>(ActivityNames.Notify, input, Patience);
    }
}

/// <summary>The input of <see cref="NotifyOrchestration"/>.</summary>
/// <param name="Id">The id of this end of the talk: a retried talk has another end.</param>
/// <param name="End">How the talk ended.</param>
public sealed record NotifyInput(string Id, TalkEnd End);

/// <summary>Asks to tell how a talk ended.</summary>
/// <param name="Talk">The talk's id.</param>
/// <param name="Id">The id of this end: the orchestration's, and the reply's.</param>
/// <param name="Error">Why there is no video; null when there is one.</param>
public sealed record NotifyRequest(string Talk, string Id, TalkError? Error)
{
    /// <summary>When the talk's orchestration began, for a retried talk the last time; null in talks that an older version began.</summary>
    public DateTimeOffset? BegunAt { get; init; }
}
