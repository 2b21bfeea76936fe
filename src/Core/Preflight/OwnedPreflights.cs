using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Owners;
using WanTalk.Core.Records;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Preflight;

/// <summary>Preflights without a talk as a caller has them: those of others are not there for him.</summary>
/// <param name="store">The artifacts.</param>
/// <param name="records">Whose they are.</param>
/// <param name="orchestrations">Where they are carried.</param>
/// <param name="rules">How their orchestrations wait.</param>
/// <param name="limits">How much they may take.</param>
/// <param name="time">The clock.</param>
public sealed class OwnedPreflights(
    IArtifactStore store, IRecordStore records, IOrchestrationClient orchestrations, WaitRules rules, PreflightLimits limits, TimeProvider time)
{
    private static readonly OrchestrationStatus[] EveryStatus = Enum.GetValues<OrchestrationStatus>();

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(5);

    private static readonly TalkError TimedOut = new(ErrorCode.TimedOut,
        "Portrait and speech could not be looked at in time. Ask again later, or make the talk: it is looked at again then.");

    /// <summary>Stores a checked request with its inputs, and has them looked at.</summary>
    /// <param name="caller">Who asks, and owns it.</param>
    /// <param name="request">From <see cref="TalkIntake.CheckForPreflight"/>.</param>
    /// <param name="portrait">The portrait's bytes; null when the request has its address or upload, or there is none.</param>
    /// <param name="speech">The speech's bytes; null when the request has its address or upload, or there is none.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    /// <exception cref="LimitedException">The caller has as many under way as he may.</exception>
    public async Task<PreflightView> AcceptAsync(
        Caller caller, TalkRequest request, Stream? portrait, Stream? speech, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        var now = time.GetUtcNow();
        var entry = new PreflightEntry(PreflightId.New(now + PreflightLimits.Keep), caller.Name);
        var paths = TalkPaths.OfPreflight(entry.Id);
        try
        {
            await AddAsync(entry, now, cancellationToken);
            if (portrait is not null)
            {
                await store.WriteAsync(paths.SourcePortrait, portrait, cancellationToken);
            }

            if (speech is not null)
            {
                await store.WriteAsync(paths.SourceSpeech, speech, cancellationToken);
            }

            await store.WriteJsonAsync(paths.Request, request with { Id = entry.Id }, cancellationToken);
            var input = new TalkInput(entry.Id, rules with { Limits = limits.From(now) });
            await orchestrations.ScheduleNewOrchestrationInstanceAsync(
                PreflightOrchestration.Name, PreflightOrchestration.InstanceOf(entry.Id), input, EveryStatus, cancellationToken);
        }
        catch
        {
            await store.DeleteFolderAsync(paths.Root, CancellationToken.None);
            await records.DeleteAsync(PreflightPaths.OwnedBy(entry.Owner) / entry.Id, CancellationToken.None);
            await records.DeleteAsync(PreflightPaths.Of(entry.Id), CancellationToken.None);
            throw;
        }

        return new PreflightView { Id = entry.Id, Status = PreflightStatus.Running };
    }

    /// <summary>Reads a preflight; null when there is none, its time is over, or it is another's.</summary>
    public async Task<PreflightView?> ReadAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (!PreflightId.IsValid(id)
            || PreflightId.KeptUntil(id) <= time.GetUtcNow()
            || await records.ReadAsync(PreflightPaths.Of(id), cancellationToken) is not { } stored
            || (CoreJson.FromBytes<PreflightEntry>(stored.Content.Span).Owner != caller.Name && !caller.SeesAll)
            || await orchestrations.GetInstanceAsync(PreflightOrchestration.InstanceOf(id), cancellationToken) is not { } instance)
        {
            return null;
        }

        var view = new PreflightView { Id = id, Status = PreflightStatus.Running };
        if (!instance.IsCompleted)
        {
            return view;
        }

        return instance.Status == OrchestrationStatus.Completed
            && await store.TryReadJsonAsync<PreflightReport>(TalkPaths.OfPreflight(id).Preflight, cancellationToken) is { } report
            ? view with { Status = PreflightStatus.Completed, Findings = report.Findings, Portrait = report.Portrait, Speech = report.Speech }
            : view with { Status = PreflightStatus.Failed, Error = ErrorOf(instance) };
    }

    private static TalkError ErrorOf(OrchestrationInstance instance)
    {
        var error = TalkError.Parse(instance.FailureMessage ?? "The orchestration was ended by an operator.");
        return error.Code == ErrorCode.TimedOut ? TimedOut : error;
    }

    /// <summary>
    /// Writes a preflight down as its owner's. The limit holds because each is written down before it is counted: of two that come at once at
    /// least one sees the other.
    /// </summary>
    private async Task AddAsync(PreflightEntry entry, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var owned = PreflightPaths.OwnedBy(entry.Owner);
        var content = CoreJson.ToBytes(entry);
        await records.TryWriteAsync(PreflightPaths.Of(entry.Id), content, null, cancellationToken);
        await records.TryWriteAsync(owned / entry.Id, content, null, cancellationToken);
        var others = new List<string>();
        await foreach (var name in records.ListAsync(owned, null, cancellationToken))
        {
            var id = name.Value[(name.Value.LastIndexOf('/') + 1)..];
            if (id != entry.Id && limits.MayBeUnderWay(id, now))
            {
                others.Add(id);
            }
        }

        if (others.Count >= limits.MostUnderWay && await CountUnderWayAsync(others, cancellationToken) >= limits.MostUnderWay)
        {
            throw new LimitedException(
                new TalkError(ErrorCode.RateLimited,
                    $"{limits.MostUnderWay} preflights at the same time are allowed, and as many are under way. Wait as long as Retry-After says."),
                LookAgainAfter);
        }
    }

    /// <summary>How many have not ended; one whose orchestration is not there yet counts.</summary>
    private async Task<int> CountUnderWayAsync(IEnumerable<string> preflights, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var id in preflights)
        {
            var instance = await orchestrations.GetInstanceAsync(PreflightOrchestration.InstanceOf(id), cancellationToken);
            count += instance is { IsCompleted: true } ? 0 : 1;
        }

        return count;
    }
}
