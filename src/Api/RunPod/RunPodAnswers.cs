using System.Text.Json.Serialization;
using WanTalk.Core.RunPod;

namespace WanTalk.Api.RunPod;

/// <summary>The answer to <c>/run</c>, <c>/cancel</c> and <c>/retry</c>.</summary>
/// <param name="Id">The job's id.</param>
/// <param name="Status">One of <see cref="RunPodState"/>.</param>
public sealed record RunPodAcknowledgement(string Id, string Status);

/// <summary>The answer to <c>/stream</c>.</summary>
/// <param name="Status">One of <see cref="RunPodState"/>.</param>
/// <param name="Stream">What there is to tell now; nothing before a runner has taken the job, and when it ended without a video.</param>
public sealed record RunPodStream(string Status, IReadOnlyList<RunPodStreamItem> Stream);

/// <summary>A part of a stream.</summary>
/// <param name="Output">The progress, or the videos.</param>
public sealed record RunPodStreamItem(RunPodOutput Output);

/// <summary>The answer to <c>/purge-queue</c>.</summary>
/// <param name="Removed">How many jobs were cancelled.</param>
/// <param name="Status">Always <c>completed</c>.</param>
public sealed record RunPodPurge(int Removed, string Status = "completed");

/// <summary>The answer to <c>/health</c>.</summary>
/// <param name="Jobs">The endpoint's jobs.</param>
/// <param name="Workers">The runners that are at one of them.</param>
public sealed record RunPodHealth(RunPodJobCounts Jobs, RunPodWorkerCounts Workers);

/// <summary>The jobs of an endpoint that are not deleted yet.</summary>
/// <param name="Completed">Those with a video.</param>
/// <param name="Failed">Those that failed or timed out.</param>
/// <param name="InProgress">Those that a runner has taken.</param>
/// <param name="InQueue">Those that none has taken.</param>
/// <param name="Retried">How often one was started again.</param>
public sealed record RunPodJobCounts(
    int Completed,
    int Failed,
    [property: JsonPropertyName("inProgress")] int InProgress,
    [property: JsonPropertyName("inQueue")] int InQueue,
    int Retried);

/// <summary>The runners of an endpoint.</summary>
/// <param name="Idle">Always 0: runners without work give no sign.</param>
/// <param name="Running">Those with a fresh heartbeat for one of the endpoint's jobs.</param>
public sealed record RunPodWorkerCounts(int Idle, int Running);
