using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Plans;
using WanTalk.Core.Publishing;
using WanTalk.Core.Talks;
using WanTalk.GpuRunner.Stages;

namespace WanTalk.GpuRunner.Streaming;

/// <summary>
/// Streams windows while others are sampled. Committing goes on meanwhile, and nothing that fails here fails the talk, whose video is what was
/// asked for first: it is logged, and tried again with the next window.
/// </summary>
internal sealed class BackgroundStream : IAsyncDisposable
{
    /// <summary>How long a piece waits at its end for what is being published.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long assemble tries to make up for what is missing.</summary>
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(60);

    private readonly Channel<(int Take, int Window)> _committed = Channel.CreateUnbounded<(int, int)>(new() { SingleReader = true });
    private readonly CancellationTokenSource _stop;
    private readonly TimeProvider _time;
    private readonly Task _work;

    private BackgroundStream(TalkStream stream, string work, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        (_stop, _time) = (CancellationTokenSource.CreateLinkedTokenSource(cancellationToken), time);
        _work = Task.Run(() => RunAsync(stream, work, logger), CancellationToken.None);
    }

    /// <summary>Begins; null for a talk that is not to be streamed.</summary>
    /// <param name="store">The artifacts.</param>
    /// <param name="publisher">Where players get the stream.</param>
    /// <param name="context">The attempt.</param>
    /// <param name="request">The talk's request.</param>
    /// <param name="plan">The talk's plan.</param>
    /// <param name="time">The clock of patience.</param>
    /// <param name="logger">Is told what fails.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    public static BackgroundStream? Begin(
        IArtifactStore store, IPublisher publisher, StageContext context, TalkRequest request, TalkPlan plan, TimeProvider time, ILogger logger,
        CancellationToken cancellationToken) => request.Stream && !plan.OnePrompt
            ? new BackgroundStream(Open(store, publisher, context, plan), context.Request.Work.ToString(), time, logger, cancellationToken)
            : null;

    /// <summary>Makes up for what is missing of a talk's stream when all of its windows are committed.</summary>
    public static async Task FinishAsync(
        IArtifactStore store, IPublisher publisher, StageContext context, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var request = await store.ReadJsonAsync<TalkRequest>(context.Paths.Request, cancellationToken);
        var plan = await store.ReadJsonAsync<TalkPlan>(context.Paths.Plan, cancellationToken);
        if (!request.Stream || plan.OnePrompt)
        {
            return;
        }

        using var patience = new CancellationTokenSource(LastPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        await using var stream = Open(store, publisher, context, plan);
        await TryAsync(() => stream.AdvanceAsync(either.Token), context.Request.Work.ToString(), logger, cancellationToken);
    }

    /// <summary>A window was committed.</summary>
    public void Add(int take, int window) => _committed.Writer.TryWrite((take, window));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _committed.Writer.Complete();
        await Task.WhenAny(_work, Task.Delay(Patience, _time, _stop.Token));
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static TalkStream Open(IArtifactStore store, IPublisher publisher, StageContext context, TalkPlan plan)
    {
        var folder = Directory.CreateDirectory(Path.Combine(context.Scratch, "hls"));
        return new TalkStream(store, publisher, context.Paths, context.Request.Work.Talk, plan, folder.FullName);
    }

    private async Task RunAsync(TalkStream stream, string work, ILogger logger)
    {
        await using (stream)
        {
            await foreach (var (take, window) in _committed.Reader.ReadAllAsync(_stop.Token))
            {
                await TryAsync(() => stream.AddAsync(take, window, _stop.Token), work, logger, _stop.Token);
            }
        }
    }

    private static async Task TryAsync(Func<Task> publish, string work, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            await publish();
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning("{Work}: the stream could not be carried on: {Reason}", work, failure.Message);
        }
    }
}
