using System.Globalization;
using System.Runtime.CompilerServices;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Retention;

/// <summary>
/// Notes when talks expire that are to be kept for a time of their own: <c>expiring/{hour}/{talk}</c>, so that a sweep reads those whose hour
/// has come and no others. A note is a hint: a talk that was retried since has ended later, and has another.
/// </summary>
/// <param name="store">The artifacts.</param>
public sealed class TalkExpiry(IArtifactStore store)
{
    private const string HourFormat = "yyyyMMddHH";

    private static readonly ArtifactPath Folder = new("expiring");

    /// <summary>Notes that a talk has ended, if its request says for how long it is kept.</summary>
    /// <param name="request">The request.</param>
    /// <param name="endedAt">When the talk ended.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    public async Task NoteAsync(TalkRequest request, DateTimeOffset endedAt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.ExpiresIn is { } seconds)
        {
            // The hour behind it: a note is read when all that it has is over.
            var hour = (endedAt + TimeSpan.FromSeconds(seconds) + TimeSpan.FromHours(1)).UtcDateTime.ToString(HourFormat, CultureInfo.InvariantCulture);
            await store.WriteJsonAsync(Folder / hour / request.Id, new ExpiryNote(seconds), cancellationToken);
        }
    }

    /// <summary>The notes whose hour has come, oldest first.</summary>
    internal async IAsyncEnumerable<(ArtifactPath Note, string Talk, TimeSpan Keep)> ReadAsync(
        DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var hour = (Folder / now.UtcDateTime.ToString(HourFormat, CultureInfo.InvariantCulture)).Value;
        await foreach (var artifact in store.ListAsync(Folder, cancellationToken))
        {
            var (folder, talk) = (Path.GetDirectoryName(artifact.Path.Value)!, Path.GetFileName(artifact.Path.Value));
            if (string.CompareOrdinal(folder, hour) > 0)
            {
                yield break;
            }

            if (await store.TryReadJsonAsync<ExpiryNote>(artifact.Path, cancellationToken) is { } note)
            {
                yield return (artifact.Path, talk, TimeSpan.FromSeconds(note.Seconds));
            }
        }
    }

    /// <summary>What a note holds.</summary>
    /// <param name="Seconds">For how long the talk is kept behind its end.</param>
    private sealed record ExpiryNote(long Seconds);
}
