using System.Text.Json.Nodes;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Sampling;
using WanTalk.Core.Takes;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Graphs;
using WanTalk.GpuRunner.Stages;
using WanTalk.GpuRunner.Telemetry;

namespace WanTalk.GpuRunner.Sampling;

/// <summary>
/// Samples the windows of a piece in one prompt, and commits each while the next one is being sampled:
/// <code>
/// engine   | window 4     | window 5     | window 6     |
/// runner                  | encode 4, store, commit     | encode 5 … | encode 6 … |
/// </code>
/// The engine's message after a window is a hint; its checkpoint, seen on the engine, is the truth.
/// </summary>
internal sealed class PieceSampler(IArtifactStore store, WindowCommitter committer, WindowChain chain, RunnerOptions options, TimeProvider time)
{
    /// <summary>Samples what is not committed of a piece.</summary>
    public async Task SampleAsync(
        StageContext context, EngineSession session, PieceInputs inputs, WindowSettings settings, CancellationToken cancellationToken)
    {
        var first = await chain.FindNextAsync(inputs.Piece.FirstWindow, cancellationToken);
        if (first >= inputs.End)
        {
            return;
        }

        var parent = first == 0
            ? null
            : await chain.ReadAsync(first - 1, cancellationToken)
                ?? throw new FileNotFoundException($"Window {first - 1} is not committed, so window {first} has nothing to grow from.");
        var graph = await BuildAsync(context, session, inputs, settings, first, parent, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var arrivals = new WindowArrivals(
            first, inputs.Request.Sampling.Steps, context.Progress,
            WindowArrivals.LimitOf(options.WindowSeconds, inputs.Plan.EffectiveSize, inputs.Request.Sampling.Steps), time);
        var prompt = session.RunAsync(graph, arrivals.OnMessage, stop.Token);
        try
        {
            var next = await CommitAsTheyArriveAsync(context, session, inputs, settings, first, parent, arrivals, prompt, stop.Token);
            await prompt;
            if (next < inputs.End)
            {
                throw new TalkException(ErrorCode.EngineOutputInvalid, $"The engine finished without making window {next}.");
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)prompt).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Commits windows until the piece is whole, or the prompt has ended without the next one.</summary>
    /// <returns>The first window that is not committed.</returns>
    private async Task<int> CommitAsTheyArriveAsync(
        StageContext context, EngineSession session, PieceInputs inputs, WindowSettings settings, int first, CommitRecord? parent,
        WindowArrivals arrivals, Task prompt, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var window = first;
        while (window < inputs.End && await arrivals.WaitAsync(session, window, prompt, cancellationToken))
        {
            var seconds = time.GetElapsedTime(begun).TotalSeconds;
            begun = time.GetTimestamp();
            RunnerTelemetry.Sampled(seconds);
            parent = await committer.CommitAsync(context, session, inputs, settings, window, parent, seconds, cancellationToken);
            window++;
        }

        return window;
    }

    private async Task<JsonObject> BuildAsync(
        StageContext context, EngineSession session, PieceInputs inputs, WindowSettings settings, int first, CommitRecord? parent,
        CancellationToken cancellationToken)
    {
        var slice = Path.Combine(context.Scratch, "audio.safetensors");
        var sliceSha256 = await PieceAudio.WriteAsync(store, inputs, first, slice, cancellationToken);
        // The engine has its own; the runner's lies there no longer than it takes to send it.
        await using var audio = new FileStream(
            slice, new FileStreamOptions { Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous | FileOptions.SequentialScan });
        var sharedPath = new ArtifactPath(inputs.Conditioning.Shared.Path);
        return StageGraph.Window.With(
        [
            .. SamplingPlaces.ForWindow(inputs.Request.Sampling, settings),
            (GraphPlaces.Portrait, await session.UploadAsync(store, context.Paths.Portrait, "portrait.png", cancellationToken)),
            (GraphPlaces.Width, inputs.Plan.EffectiveSize.Width),
            (GraphPlaces.Height, inputs.Plan.EffectiveSize.Height),
            (GraphPlaces.SharedFile, await session.UploadAsync(store, sharedPath, "shared.safetensors", cancellationToken)),
            (GraphPlaces.SharedSha256, inputs.Conditioning.Shared.Sha256),
            (GraphPlaces.AudioFile, await session.UploadAsync(audio, "audio.safetensors", cancellationToken)),
            (GraphPlaces.AudioSha256, sliceSha256),
            (GraphPlaces.Seed, TakeSeed.Of(inputs.Request.Seed, inputs.Take.Index)),
            (GraphPlaces.WindowIndex, first),
            (GraphPlaces.WindowCount, inputs.End - first),
            (GraphPlaces.CheckpointIn, await UploadCheckpointAsync(session, parent, cancellationToken)),
            (GraphPlaces.WindowPrefix, $"{session.Prefix}/w"),
        ]);
    }

    /// <summary>Uploads what the first window grows from; one that is not what its commit record says would spoil all that follow.</summary>
    private async Task<string> UploadCheckpointAsync(EngineSession session, CommitRecord? parent, CancellationToken cancellationToken)
    {
        if (parent is null)
        {
            return "";
        }

        await using var content = await store.OpenRequiredAsync(new ArtifactPath(parent.Checkpoint.Path), cancellationToken);
        await using var hashing = new HashingStream(content);
        var name = await session.UploadAsync(hashing, "checkpoint.safetensors", cancellationToken);
        return hashing.Sha256() == parent.Checkpoint.Sha256
            ? name
            : throw new TalkException(ErrorCode.ArtifactDamaged,
                $"The checkpoint of window {parent.Window} is not what was committed; the disk may be failing. Make the talk again.");
    }
}
