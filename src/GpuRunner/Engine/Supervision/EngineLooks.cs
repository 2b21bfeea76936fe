using WanTalk.ComfyUI;

namespace WanTalk.GpuRunner.Engine.Supervision;

/// <summary>Looks whether an engine answers over HTTP: what it prints says nothing dependable about that.</summary>
internal sealed class EngineLooks(ComfyClient client, EngineOptions options, TimeProvider time)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>The patience of a client that looks.</summary>
    public static ComfyClientOptions Patience(EngineOptions options) =>
        new() { RequestTimeout = TimeSpan.FromSeconds(options.LookTimeoutSeconds) };

    /// <summary>Looks once.</summary>
    /// <returns>Null when it answered as a ComfyUI does; else what came instead.</returns>
    public async Task<ComfyException?> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await client.GetSystemStatsAsync(cancellationToken);
            return null;
        }
        catch (ComfyException failure)
        {
            return failure;
        }
    }

    /// <summary>Waits until a starting engine answers; the pauses between looks grow with its age, so that none is late by much.</summary>
    /// <returns>Null once it answers; else, when its time is over, what came instead.</returns>
    public async Task<string?> WaitForAnswerAsync(CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(options.StartSeconds), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        ComfyException? last = null;
        try
        {
            while (await LookAsync(both.Token) is { } failure)
            {
                last = failure;
                var tenth = time.GetElapsedTime(begun) / 10;
                await Task.Delay(tenth < ShortestPause ? ShortestPause : tenth > LongestPause ? LongestPause : tenth, time, both.Token);
            }

            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return last is { IsSilence: false } ? last.Message : "nothing answered";
        }
    }

    /// <summary>Looks again and again, and returns when an engine that had answered was silent for too many looks in a row.</summary>
    public async Task WaitForSilenceAsync(CancellationToken cancellationToken)
    {
        for (var missed = 0; missed < options.LooksMissed;)
        {
            await Task.Delay(TimeSpan.FromSeconds(options.LookSeconds), time, cancellationToken);
            missed = await LookAsync(cancellationToken) is { IsSilence: true } ? missed + 1 : 0;
        }
    }
}
