using System.Text.Json;
using WanTalk.Core.Errors;
using WanTalk.Core.Orchestration;

namespace WanTalk.Local.Durable;

/// <summary>The orchestrators and activities that the runtime can run, by name. Names are case-sensitive and registered once.</summary>
public sealed class DurableRegistry
{
    private readonly Dictionary<string, OrchestratorCode> _orchestrators = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ActivityCode> _activities = new(StringComparer.Ordinal);
    private readonly List<TaskSignature> _orchestratorSignatures = [];
    private readonly List<TaskSignature> _activitySignatures = [];

    /// <summary>An orchestrator between JSON and JSON.</summary>
    internal delegate Task<JsonElement?> OrchestratorCode(IOrchestrationContext context, JsonElement? input);

    /// <summary>An activity between JSON and JSON.</summary>
    internal delegate Task<JsonElement?> ActivityCode(JsonElement? input, CancellationToken cancellationToken);

    /// <summary>The orchestrators that are registered, in their order.</summary>
    internal IReadOnlyList<TaskSignature> Orchestrators => _orchestratorSignatures;

    /// <summary>The activities that are registered, in their order.</summary>
    internal IReadOnlyList<TaskSignature> Activities => _activitySignatures;

    /// <summary>Registers an orchestrator: deterministic code that awaits tasks of its context only.</summary>
    /// <param name="name">The name that instances are started with.</param>
    /// <param name="orchestrator">Runs from the start in every turn.</param>
    /// <returns>This registry.</returns>
    public DurableRegistry AddOrchestrator<TIn, TOut>(string name, Func<IOrchestrationContext, TIn, Task<TOut>> orchestrator)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(orchestrator);
        _orchestrators.Add(name, async (context, input) => Payload.From(await orchestrator(context, Payload.To<TIn>(input))));
        _orchestratorSignatures.Add(new TaskSignature(name, typeof(TIn), typeof(TOut)));
        return this;
    }

    /// <summary>Registers an activity, which may do I/O and runs at least once for each call.</summary>
    /// <param name="name">The name that orchestrators call it by.</param>
    /// <param name="activity">
    /// Its token is cancelled when the host stops (the activity then runs again at the next start) and when its instance is terminated,
    /// replaced or purged.
    /// </param>
    /// <returns>This registry.</returns>
    public DurableRegistry AddActivity<TIn, TOut>(string name, Func<TIn, CancellationToken, Task<TOut>> activity)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(activity);
        _activities.Add(name, async (input, cancellationToken) => Payload.From(await activity(Payload.To<TIn>(input), cancellationToken)));
        _activitySignatures.Add(new TaskSignature(name, typeof(TIn), typeof(TOut)));
        return this;
    }

    /// <summary>The orchestrator of that name.</summary>
    internal OrchestratorCode GetOrchestrator(string name) =>
        _orchestrators.GetValueOrDefault(name) ?? throw new NotRegisteredException("orchestrator", name);

    /// <summary>The activity of that name.</summary>
    internal ActivityCode GetActivity(string name) =>
        _activities.GetValueOrDefault(name) ?? throw new NotRegisteredException("activity", name);
}

/// <summary>There is no code of a name; trying again does not help.</summary>
internal sealed class NotRegisteredException(string what, string name)
    : Exception(new TalkError(ErrorCode.Internal, $"No {what} named '{name}' is registered in this host.").ToString());
