using System.Text.Json.Nodes;
using WanTalk.ComfyUI;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Telemetry;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Stages;
using WanTalk.GpuRunner.Telemetry;

namespace WanTalk.GpuRunner.Engine;

/// <summary>
/// One use of the engine, over HTTP only. Its files lie under a prefix of their own, so that neither the engine's cache nor what an earlier
/// use left behind can be taken for this one's.
/// </summary>
internal sealed class EngineSession(
    ComfyClient client, EngineReadiness readiness, EngineFacts engine, StageContext context, string promptMark, TimeProvider time)
{
    private readonly WorkReference _work = context.Request.Work;

    /// <summary>What is known of the engine.</summary>
    public EngineFacts Engine => engine;

    /// <summary>The talk whose files these are.</summary>
    public string Talk { get; private init; } = context.Request.Work.Talk;

    /// <summary>Names what this use makes: the attempt's id, and a part of its own.</summary>
    public string RunId { get; private init; } = $"{context.Request.Work.Attempt}-{Guid.NewGuid().ToString("n")[..8]}";

    /// <summary>The folder of this use on the engine.</summary>
    public string Prefix => FolderOf(Talk, RunId);

    /// <summary>How the folders of all uses by this attempt begin; those of earlier ones are left when a runner is killed.</summary>
    public string AttemptPrefix => FolderOf(Talk, _work.Attempt);

    /// <summary>The folder of a use, in the engine's output.</summary>
    public static string FolderOf(string talk, string runId) => $"wantalk/{talk}/{runId}";

    /// <summary>The files of another use, on the same engine.</summary>
    public EngineSession Of(string talk, string runId) => new(client, readiness, engine, context, promptMark, time) { Talk = talk, RunId = runId };

    /// <summary>Uploads an artifact.</summary>
    /// <returns>The name as a node's input wants it.</returns>
    public async Task<string> UploadAsync(IArtifactStore store, ArtifactPath path, string name, CancellationToken cancellationToken)
    {
        await using var content = await store.OpenRequiredAsync(path, cancellationToken);
        return await UploadAsync(content, name, cancellationToken);
    }

    /// <summary>Uploads content.</summary>
    /// <returns>The name as a node's input wants it.</returns>
    public async Task<string> UploadAsync(Stream content, string name, CancellationToken cancellationToken) =>
        (await client.UploadAsync(content, name, Prefix, overwrite: true, cancellationToken)).InputName;

    /// <summary>Runs a graph to its end.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="onMessage">Hears of its progress; null for nobody.</param>
    /// <param name="cancellationToken">Withdraws the prompt.</param>
    /// <exception cref="TalkException">It failed, or the engine lacks something that it needs.</exception>
    public async Task<PromptOutcome> RunAsync(JsonObject graph, Action<SocketMessage>? onMessage, CancellationToken cancellationToken)
    {
        readiness.Demand(engine, graph, client.Address);
        var prompt = new PromptOptions { PromptId = promptMark + RunId, OnMessage = onMessage };
        using var span = RunnerTelemetry.Prompt(client.Address, prompt.PromptId);
        var begun = time.GetTimestamp();
        try
        {
            var outcome = await client.RunPromptAsync(graph, prompt, cancellationToken);
            return outcome.Failure is { } failure ? throw EngineErrors.From(failure) : outcome;
        }
        catch (TalkException failure)
        {
            span.SetError(failure.Error.Code);
            throw;
        }
        catch (ComfyException failure)
        {
            span.SetError(EngineErrors.From(failure).Error.Code);
            throw;
        }
        finally
        {
            context.Progress.AddEngineTime(time.GetElapsedTime(begun));
        }
    }

    /// <summary>Opens a file on the engine.</summary>
    public Task<Stream> OpenAsync(OutputFile file, CancellationToken cancellationToken) =>
        client.OpenViewAsync(file, cancellationToken: cancellationToken);

    /// <summary>Whether a file is on the engine.</summary>
    public Task<bool> ExistsAsync(OutputFile file, CancellationToken cancellationToken) => client.ExistsAsync(file, cancellationToken);

    /// <summary>The lossless frames of a window.</summary>
    public OutputFile FramesOf(int window) => new($"w-{window:0000}.mkv", Prefix);

    /// <summary>The checkpoint of a window; its presence means that the window is complete.</summary>
    public OutputFile CheckpointOf(int window) => new($"w-{window:0000}.checkpoint.safetensors", Prefix);

    /// <summary>How the names of a window's files on the engine begin.</summary>
    public string WindowPrefix(int window) => $"{Prefix}/w-{window:0000}";

    /// <summary>Has the engine drop its cache and unload its models before the next prompt.</summary>
    public Task FreeMemoryAsync(CancellationToken cancellationToken) => client.FreeAsync(cancellationToken);

    /// <summary>Deletes files on the engine; an engine without our pack keeps them.</summary>
    public Task ReleaseAsync(string prefix, CancellationToken cancellationToken) =>
        engine.Pack is null ? Task.CompletedTask : client.ReleaseAsync(prefix, cancellationToken);
}
