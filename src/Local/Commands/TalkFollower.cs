using System.Text.Json;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Talks;
using WanTalk.Core.Windows;
using WanTalk.Local.Delivery;
using WanTalk.Local.Display;
using WanTalk.Local.Hosting;

namespace WanTalk.Local.Commands;

/// <summary>Follows a talk to its end, shows how far it is, and delivers its video; what <c>talk</c> and <c>resume</c> share.</summary>
/// <param name="host">The host that carries the talk.</param>
/// <param name="json">Whether to end with one JSON object instead of the video's path.</param>
internal sealed class TalkFollower(LocalHost host, bool json)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);

    /// <summary>Follows a talk; a first cancellation of the token cancels the talk.</summary>
    /// <param name="talk">The talk's id.</param>
    /// <param name="target">Where its video goes.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <exception cref="TalkException">The talk failed or was cancelled, or its video could not be delivered.</exception>
    public async Task FollowAsync(string talk, string target, CancellationToken cancellationToken)
    {
        var view = await WatchAsync(talk, cancellationToken);
        if (view.Error is { } error)
        {
            throw new TalkException(error);
        }

        await VideoDelivery.DeliverAsync(host.Store, talk, target, cancellationToken);
        foreach (var warning in view.Warnings)
        {
            await Console.Error.WriteLineAsync($"note: {warning}");
        }

        foreach (var url in Addresses(view))
        {
            await Console.Error.WriteLineAsync($"published: {url}");
        }

        await Console.Out.WriteLineAsync(json ? JsonSerializer.Serialize(Summary(view, target), CoreJson.Options) : target);
    }

    private async Task<TalkView> WatchAsync(string talk, CancellationToken cancellationToken)
    {
        await using var display = TalkDisplay.Create();
        using var timer = new PeriodicTimer(Interval);
        var cancelling = false;
        while (true)
        {
            if (cancellationToken.IsCancellationRequested && !cancelling)
            {
                cancelling = true;
                await CancelAsync(talk);
            }

            var view = await host.Reader.ReadAsync(talk, CancellationToken.None)
                ?? throw new TalkException(ErrorCode.TalkNotFound, $"There is no talk '{talk}' in this home.");
            display.Show(view);
            if (view.Status is TalkStatus.Completed or TalkStatus.Failed or TalkStatus.Cancelled)
            {
                return view;
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task CancelAsync(string talk)
    {
        try
        {
            await host.Control.CancelAsync(talk, CancellationToken.None);
        }
        catch (TalkException failure) when (failure.Error.Code == ErrorCode.TalkStateConflict)
        {
            // It ended in the same moment; how it ended is told as usual.
        }
    }

    /// <summary>Where others get the video and what else was made; none when it was published into the home only.</summary>
    private static IReadOnlyList<string> Addresses(TalkView view) =>
        [.. view.Video.Where(url => !url.StartsWith("file:", StringComparison.Ordinal))];

    private static object Summary(TalkView view, string target) => new
    {
        view.Id,
        Video = target,
        Urls = Addresses(view),
        Frames = view.VisibleFrames,
        Duration = view.VisibleFrames / (double)WindowArithmetic.FramesPerSecond,
        view.RequestedSize,
        view.EffectiveSize,
        Windows = view.WindowsPlanned,
        view.Seed,
        Seconds = view.StageSeconds,
        view.Warnings,
    };
}
