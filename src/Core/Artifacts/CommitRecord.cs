using WanTalk.Core.Quotes;
using WanTalk.Core.Sampling;

namespace WanTalk.Core.Artifacts;

/// <summary>
/// The small JSON that makes a window count: <c>take-00/0007.json</c>, written last and create-only. A record whose parent is not the
/// checkpoint of the window committed before is refused, so of two runners on one piece one chain wins.
/// </summary>
/// <param name="Window">The window, from 0.</param>
/// <param name="Attempt">The attempt that made it.</param>
/// <param name="Frames">How many frames the segment has.</param>
/// <param name="Segment">The H.264 segment.</param>
/// <param name="Checkpoint">What the next window grows from.</param>
/// <param name="ParentSha256">The hash of the checkpoint that this window grew from; empty for window 0.</param>
/// <param name="Seconds">How long it took to sample.</param>
/// <param name="Settings">What it was made with of what may change from window to window.</param>
public sealed record CommitRecord(
    int Window, string Attempt, int Frames, StoredFile Segment, StoredFile Checkpoint, string ParentSha256, double Seconds,
    WindowSettings? Settings = null)
{
    /// <summary>On which GPUs the take's windows were sampled, up to and with this one; empty where the engine does not tell.</summary>
    public IReadOnlyList<GpuUse> Used { get; init; } = [];

    /// <summary>Whether a name is that of a commit record: a window's number and nothing more.</summary>
    public static bool IsRecordName(ArtifactPath path)
    {
        var name = path.Value.AsSpan(path.Value.LastIndexOf('/') + 1);
        return name.EndsWith(".json") && name.Length > 5 && !name[..^5].ContainsAnyExceptInRange('0', '9');
    }
}

/// <summary>A stored artifact and its content's hash.</summary>
/// <param name="Path">The artifact's name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal.</param>
public sealed record StoredFile(string Path, long Bytes, string Sha256);
