using WanTalk.Core.Errors;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Webhooks;

/// <summary>The body of a webhook.</summary>
/// <param name="Type">One of <see cref="WebhookEvents"/>.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Data">What happened to which talk.</param>
public sealed record WebhookBody(string Type, DateTimeOffset Timestamp, WebhookData Data);

/// <summary>A talk as webhooks tell of it; the names are those of the API.</summary>
public sealed record WebhookData
{
    /// <summary>The talk's id.</summary>
    public required string Id { get; init; }

    /// <summary>Running for progress; else how it ended.</summary>
    public required TalkStatus Status { get; init; }

    /// <summary>Where the video is. Empty when there is none, or when it lies on the host's own disk: ask the API for it.</summary>
    public required IReadOnlyList<string> Video { get; init; }

    /// <summary>Why there is no video.</summary>
    public TalkError? Error { get; init; }

    /// <summary>What the caller gave.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>The seed, given or drawn.</summary>
    public required long Seed { get; init; }

    /// <summary>The size that was asked for.</summary>
    public required FrameSize RequestedSize { get; init; }

    /// <summary>The size of the video.</summary>
    public required FrameSize EffectiveSize { get; init; }

    /// <summary>When the talk was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Windows that are committed.</summary>
    public required int WindowsDone { get; init; }

    /// <summary>Windows that are planned; null before there is a plan.</summary>
    public int? WindowsPlanned { get; init; }

    /// <summary>What is left of sampling, in seconds; for progress.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>What is told of a talk.</summary>
    /// <param name="request">What the caller asked for.</param>
    /// <param name="view">How it stands.</param>
    public static WebhookData Of(TalkRequest request, TalkView view)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(view);
        return new WebhookData
        {
            Id = view.Id,
            Status = view.Status,
            Video = [.. view.Video.Where(url => url.StartsWith("http", StringComparison.Ordinal))],
            Error = view.Error,
            Metadata = request.Metadata,
            Seed = view.Seed,
            RequestedSize = view.RequestedSize,
            EffectiveSize = view.EffectiveSize,
            CreatedAt = view.CreatedAt,
            WindowsDone = view.WindowsDone,
            WindowsPlanned = view.WindowsPlanned,
            SecondsLeft = view.Status == TalkStatus.Running ? view.SecondsLeft : null,
        };
    }
}
