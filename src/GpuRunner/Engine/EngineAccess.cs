using Microsoft.Extensions.Logging;
using WanTalk.ComfyUI;
using WanTalk.Core.Errors;
using WanTalk.GpuRunner.Engine.Supervision;
using WanTalk.GpuRunner.Stages;

namespace WanTalk.GpuRunner.Engine;

/// <summary>
/// Lets one piece of work at a time use the engine, and begins it again when the engine dies under it: work on the engine is written so
/// that it goes on behind what it has stored.
/// </summary>
internal sealed class EngineAccess(
    EngineSupervisor supervisor,
    EngineCleaner cleaner,
    EngineReadiness readiness,
    RunnerOptions options,
    TimeProvider time,
    ILogger<ComfyClient> clientLogger,
    ILogger<EngineAccess> logger)
    : IDisposable
{
    /// <summary>The longest that a prompt's end is waited for when the runner stops with a signal.</summary>
    public static readonly TimeSpan LongestWithdraw = TimeSpan.FromSeconds(8);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ComfyClientOptions _patience = new()
    {
        // A supervised engine that is gone is replaced within a second; an engine elsewhere may be behind a network that comes back.
        UnreachableTimeout = TimeSpan.FromSeconds(options.EngineUrl is null ? 1 : 10),
        WithdrawTimeout = options.EngineUrl is null ? TimeSpan.FromSeconds(2) : options.UntilSignalled ? LongestWithdraw : TimeSpan.FromSeconds(30),
    };

    /// <summary>Uses the engine, with our node pack.</summary>
    public Task UseAsync(StageContext context, Func<EngineSession, Task> work, CancellationToken cancellationToken) =>
        UseAsync(context, EngineNeeds.NodePack, work, cancellationToken);

    /// <summary>Uses the engine.</summary>
    /// <param name="context">The attempt that uses it; the names of its files on the engine begin with its id.</param>
    /// <param name="needs">What the work needs of it.</param>
    /// <param name="work">What to do; called again from its beginning when the engine dies.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TalkException">The engine failed.</exception>
    public async Task UseAsync(
        StageContext context, EngineNeeds needs, Func<EngineSession, Task> work, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            for (var deaths = 0; ; deaths++)
            {
                try
                {
                    await UseOnceAsync(context, needs, work, cancellationToken);
                    return;
                }
                catch (TalkException failure)
                    when (failure.Error.Code == ErrorCode.EngineUnavailable && deaths < options.EngineDeathsPerAttempt)
                {
                    logger.LogWarning("The engine died under {Work}; going on with the next one: {Error}", context.Request.Work, failure.Error);
                    if (!supervisor.CanRestart && supervisor.Status.State == EngineState.Answering)
                    {
                        // An engine elsewhere that answered a moment ago may be back in another; all tries together last as long as one is waited for.
                        await Task.Delay(_patience.UnreachableTimeout / options.EngineDeathsPerAttempt, time, cancellationToken);
                    }
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Whether the engine is the runner's own and may be restarted.</summary>
    public bool CanRestart => supervisor.CanRestart;

    /// <summary>Restarts the engine, and waits until the old one is gone; nobody may be using it.</summary>
    public Task RestartAsync(CancellationToken cancellationToken) => supervisor.RestartAsync(cancellationToken);

    /// <summary>
    /// Deletes what uses have left on the engine (<see cref="EngineUse"/>), but for windows that are kept for whoever goes on with their take; while
    /// nobody uses the engine. Where it does not answer, all stays for another time.
    /// </summary>
    /// <param name="over">Uses whose windows nobody will take over any more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task SweepAsync(IReadOnlyList<BrokenUse> over, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Those that somebody has taken over meanwhile have another note.
            foreach (var use in over.Where(use => BrokenUse.Read(options.Home, use.Talk, use.Take) == use))
            {
                BrokenUse.Forget(options.Home, use.Talk, use.Take);
            }

            if (supervisor.Status is { State: EngineState.Answering, Address: { } address })
            {
                using var client = new ComfyClient(address, _patience, time, clientLogger);
                await ReleaseLeftAsync(client, cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task UseOnceAsync(
        StageContext context, EngineNeeds needs, Func<EngineSession, Task> work, CancellationToken cancellationToken)
    {
        using var client = new ComfyClient(await supervisor.GetAddressAsync(cancellationToken), _patience, time, clientLogger);
        var deaths = supervisor.Status.Deaths;
        EngineSession? session = null;
        var keepsFiles = false;
        try
        {
            // Nobody else uses the engine now, so that whatever of ours it still runs is awaited by nobody.
            if (await cleaner.RunAsync(client, cancellationToken) is { } unreachable)
            {
                throw unreachable;
            }

            var facts = await readiness.AskAsync(client, cancellationToken);
            if (needs == EngineNeeds.NodePack)
            {
                CheckPack(facts, client.Address);
            }

            session = new EngineSession(client, readiness, facts, context, options.PromptMark, time);
            if (facts.Pack is not null)
            {
                // An engine without our pack deletes nothing, so that there it would be noted for nothing.
                await ReleaseLeftAsync(client, cancellationToken);
                new EngineUse(session.Talk, session.RunId).Note(options.Home);
            }

            if (context.Request.Piece is null)
            {
                await session.ReleaseAsync(session.AttemptPrefix, cancellationToken);
            }

            await work(session);
        }
        catch (OperationCanceledException)
        {
            // The windows that sampling had finished are taken over by whoever goes on; the runner may be ending.
            keepsFiles = context.Request.Piece is not null;
            throw;
        }
        catch (ComfyException failure)
        {
            var explained = await supervisor.ExplainAsync(EngineErrors.From(failure), deaths, cancellationToken);
            keepsFiles = context.Request.Piece is not null && LeavesWindowsWhole(explained);
            throw explained;
        }
        catch (TalkException failure) when (LeavesWindowsWhole(failure))
        {
            keepsFiles = context.Request.Piece is not null;
            if (failure.Error.Code == ErrorCode.EngineUnavailable)
            {
                throw await supervisor.ExplainAsync(failure, deaths, cancellationToken);
            }

            throw;
        }
        finally
        {
            if (session is not null && !keepsFiles)
            {
                await ReleaseAsync(session);
            }
        }
    }

    /// <summary>Whether a use ended for a reason that has nothing to do with what it made: the engine, or the store, was away.</summary>
    private static bool LeavesWindowsWhole(TalkException failure) => failure.Error.Code is ErrorCode.EngineUnavailable or ErrorCode.StorageUnavailable;

    /// <summary>Deletes what earlier uses left. What the engine keeps nevertheless is no reason not to use it.</summary>
    private async Task ReleaseLeftAsync(ComfyClient client, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var use in EngineUse.Left(options.Home))
            {
                await client.ReleaseAsync(EngineSession.FolderOf(use.Talk, use.RunId), cancellationToken);
                use.Forget(options.Home);
            }
        }
        catch (ComfyException failure)
        {
            logger.LogInformation("The engine keeps what earlier uses left: {Reason}", failure.Message);
        }
    }

    private void CheckPack(EngineFacts facts, Uri address)
    {
        var problems = EngineReadiness.PackProblems(facts.Pack).ToList();
        if (problems.Count > 0)
        {
            readiness.Forget();
            throw EngineReadiness.NotReady(address, problems);
        }
    }

    private async Task ReleaseAsync(EngineSession session)
    {
        try
        {
            await session.ReleaseAsync(session.Prefix, CancellationToken.None);
            new EngineUse(session.Talk, session.RunId).Forget(options.Home);
        }
        catch (ComfyException failure)
        {
            logger.LogInformation("The engine kept the files of {Prefix}: {Reason}", session.Prefix, failure.Message);
        }
    }
}
