using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Preflight;
using WanTalk.Core.Sampling;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Engine;
using WanTalk.Storage;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner;

/// <summary>How a runner works. The defaults suit one machine.</summary>
public sealed record RunnerOptions
{
    /// <summary>The folder that host and runner share on one machine: artifacts, queues, scratch, logs.</summary>
    public required HomeLayout Home { get; init; }

    /// <summary>Where artifacts and lanes are. Default: in the home.</summary>
    public StorageKind Storage { get; init; }

    /// <summary>Where finished videos go. Default: in the home.</summary>
    public PublishKind Publish { get; init; }

    /// <summary>The runner's name in heartbeats and results.</summary>
    public string Name { get; init; } = $"{Environment.MachineName.ToLowerInvariant()}-{Environment.ProcessId}";

    /// <summary>An engine that is there already; it is never started or stopped. Null to start the one of <see cref="Engine"/>.</summary>
    public Uri? EngineUrl { get; init; }

    /// <summary>The engine that the runner starts, and how engines are watched.</summary>
    public EngineOptions Engine { get; init; } = new();

    /// <summary>
    /// Whether a portrait without a face ends a talk before any engine is asked. Default false: drawings work on WanVideo. The host sets it
    /// when it has the understudy started; an engine that turns out to be a preview refuses such a talk when it embeds.
    /// </summary>
    public bool FaceRequired { get; init; }

    /// <summary>The lanes that are served. Default: all of them. Without embed and sample there is no engine.</summary>
    public IReadOnlyList<Lane> Lanes { get; init; } = Enum.GetValues<Lane>();

    /// <summary>Whether the lanes' work needs an engine.</summary>
    public bool NeedsEngine => Lanes.Any(lane => lane != Lane.Media);

    /// <summary>Where preflight draws its lines.</summary>
    public PreflightOptions Preflight { get; init; } = new();

    /// <summary>How much media work is done at the same time. Default 2; 1 to 16.</summary>
    public int MediaConcurrency { get; init; } = 2;

    /// <summary>
    /// Whether other runners serve the same lanes. Default false: on one machine a lock keeps a second runner out, so that whoever wrote
    /// another heartbeat is gone.
    /// </summary>
    public bool SharesLanes { get; init; }

    /// <summary>How long a message stays hidden after each renewal, in seconds. Default 10; above three heartbeats.</summary>
    public double LeaseSeconds { get; init; } = 10;

    /// <summary>How often a runner renews its lease, writes its heartbeat and looks for a cancellation, in seconds. Default 1.</summary>
    public double HeartbeatSeconds { get; init; } = 1;

    /// <summary>
    /// How long a window of 640x640 may take with the steps of the distilled presets, in seconds, before its piece fails on this runner;
    /// a larger one, or one of more steps, may take as much longer. Default 600; 10 to 86400.
    /// </summary>
    public double WindowSeconds { get; init; } = 600;

    /// <summary>
    /// How long the GPU lanes are left to other runners after a window took too long, or the engine died too often under a piece of work, in
    /// seconds. Default 300; 0 to 86400. Where lanes are not shared nobody else would do the work, and there is no pause.
    /// </summary>
    public double CooldownSeconds { get; init; } = 300;

    /// <summary>How often a piece of work is begun again on the same attempt because the engine died. Default 3.</summary>
    public int EngineDeathsPerAttempt { get; init; } = 3;

    /// <summary>For how long what an engine said of its nodes and models is believed, in seconds. Default 300; above 0.</summary>
    public double EngineFactsSeconds { get; init; } = 300;

    /// <summary>The presets whose models the engine must have for the runner to be ready. Default: the recommended one.</summary>
    public IReadOnlyList<SamplingPreset> Presets { get; init; } = [SamplingPreset.Recommended];

    /// <summary>How often the runner looks whether it is ready, in seconds. Default 5; above 0.</summary>
    public double ReadinessSeconds { get; init; } = 5;

    /// <summary>Where the runner's health is told over HTTP; null, the default, for nowhere. Port 0 for a free one.</summary>
    public IPEndPoint? HealthListen { get; init; }

    /// <summary>The folder of the engine's models, which are looked at before work is taken; null, the default, when it is not known.</summary>
    public string? Models { get; init; }

    /// <summary>Whether the runner lives until SIGTERM or SIGINT. Default false: it lives as long as its standard input is open.</summary>
    public bool UntilSignalled { get; init; }

    /// <summary>What goes to the log. Default: information and above.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>How the ids of this home's prompts begin.</summary>
    public string PromptMark =>
        $"wantalk-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.MachineName}:{Home.Root}")))[..12]}-";
}
