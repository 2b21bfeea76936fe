using WanTalk.Core.Orchestration;
using WanTalk.Core.Sampling;
using WanTalk.Core.Talks;
using WanTalk.Local.Amqp;
using WanTalk.Storage;

namespace WanTalk.Local.Hosting;

/// <summary>What the commands that run talks have in common.</summary>
internal sealed record LocalOptions
{
    /// <summary>The home folder.</summary>
    public required string Home { get; init; }

    /// <summary>An engine that is there already; null to start the understudy.</summary>
    public Uri? ComfyUI { get; init; }

    /// <summary>Where artifacts and lanes are. The orchestrations' state is in the home, wherever those are.</summary>
    public StorageKind Storage { get; init; }

    /// <summary>
    /// Whether further runners serve the same lanes, in an account of Azure's. Default false: the host's own runner is the only one, so that
    /// whoever held a lease when it starts is gone.
    /// </summary>
    public bool SharesLanes { get; init; }

    /// <summary>Where finished videos go; the command delivers its own from the artifacts, wherever that is.</summary>
    public PublishKind Publish { get; init; }

    /// <summary>The queue that talks are taken from as well; null for none.</summary>
    public QueueOptions? Queue { get; init; }

    /// <summary>The preset of talks that name none, whose models the engine has to have. Default recommended.</summary>
    public SamplingPreset DefaultPreset { get; init; } = SamplingPreset.Recommended;

    /// <summary>Whether somebody may ask how the runner is. Default false: a command that carries one talk sees how that goes.</summary>
    public bool WatchesRunner { get; init; }

    /// <summary>
    /// The only talk that goes on, when the command carries one; null when all of them do. Sub-orchestrations' ids begin with their talk's.
    /// </summary>
    public string? OnlyTalk { get; init; }

    /// <summary>
    /// How orchestrations wait here: everything is near, and a dead runner is replaced in a second, so looks are frequent. A store that was away is
    /// tried again after 8 s at most, and a busy machine takes its time: a runner has 15 s for the heartbeat behind that.
    /// </summary>
    public static WaitRules Rules { get; } = new()
    {
        FirstLookSeconds = 2,
        LookGrowth = 1.5,
        LongestLookSeconds = 10,
        StaleHeartbeatSeconds = 30,
        FirstResendSeconds = 30,
    };
}

/// <summary>A queue that talks are taken from.</summary>
/// <param name="Address">The queue.</param>
/// <param name="ReplyQueues">The queues that messages may name for a reply.</param>
/// <param name="Requests">What is decided about requests.</param>
internal sealed record QueueOptions(AmqpAddress Address, IReadOnlyCollection<string> ReplyQueues, RequestOptions Requests);
