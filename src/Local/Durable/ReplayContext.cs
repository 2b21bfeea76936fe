using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WanTalk.Core.Json;
using WanTalk.Core.Orchestration;

namespace WanTalk.Local.Durable;

/// <summary>
/// What an orchestrator sees while its history is replayed and while its newest turn runs: the same code either way. Events are delivered
/// to it; what the code asks for is collected, turn by turn, for the caller to compare or to carry out.
/// </summary>
/// <param name="instanceId">The instance's id.</param>
/// <param name="execution">The instance's execution.</param>
/// <param name="turn">Knows which calls come from the turn.</param>
internal sealed class ReplayContext(string instanceId, string execution, TurnSynchronizationContext turn) : IOrchestrationContext
{
    // As Durable Functions measures it: the JSON text in UTF-16.
    private const int MaxCustomStatusBytes = 16 * 1024;

    private readonly Dictionary<int, (IPendingTask Task, string Name)> _pending = [];
    private readonly Dictionary<string, Queue<IPendingTask>> _waiting = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Queue<JsonElement?>> _buffered = new(StringComparer.OrdinalIgnoreCase);
    private List<ScheduledAction> _scheduled = [];
    private DateTime _now;
    private bool _isReplaying;
    private int _nextTask;
    private int _nextGuid;

    /// <inheritdoc/>
    public string InstanceId => instanceId;

    /// <inheritdoc/>
    public DateTime CurrentUtcDateTime => _now;

    /// <inheritdoc/>
    public bool IsReplaying => _isReplaying;

    /// <summary>What the code asked for in this turn.</summary>
    public IReadOnlyList<ScheduledAction> Scheduled => _scheduled;

    /// <summary>The timers, of any turn, that the code has cancelled.</summary>
    public HashSet<int> CancelledTimers { get; } = [];

    /// <summary>The custom status as JSON; null until it is set.</summary>
    public string? CustomStatus { get; private set; }

    /// <summary>Whether anything may still come that the code waits for.</summary>
    public bool IsWaiting => _pending.Count > 0 || _waiting.Values.Any(tasks => tasks.Count > 0);

    /// <summary>Begins a turn.</summary>
    public void BeginTurn(DateTime at, bool isReplaying)
    {
        _now = at;
        _isReplaying = isReplaying;
        _scheduled = [];
    }

    /// <summary>Tells the code what has happened. What nobody waits for any more (a cancelled timer, say) is ignored.</summary>
    public void Deliver(HistoryEvent happened)
    {
        switch (happened)
        {
            case TaskCompleted completed when _pending.Remove(completed.Task, out var pending):
                pending.Task.Complete(completed.Result);
                break;
            case TaskFailed failed when _pending.Remove(failed.Task, out var pending):
                pending.Task.Fail(new OrchestrationTaskFailedException(pending.Name, failed.ErrorType, failed.ErrorMessage));
                break;
            case EventRaised raised when _waiting.TryGetValue(raised.Name, out var waiting) && waiting.TryDequeue(out var first):
                first.Complete(raised.Data);
                break;
            case EventRaised raised:
                Queue(_buffered, raised.Name).Enqueue(raised.Data);
                break;
        }
    }

    /// <inheritdoc/>
    public async Task<TResult> CallActivityAsync<TResult>(string name, object? input = null, ActivityRetryPolicy? retry = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var json = Payload.From(input);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Schedule<TResult>(name, task => new ActivityScheduled(task, name, json));
            }
            catch (OrchestrationTaskFailedException e)
                when (attempt < retry?.MaxNumberOfAttempts && e.ErrorType != typeof(NotRegisteredException).FullName)
            {
                await CreateTimer(retry.DelayAfter(attempt), CancellationToken.None);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<TResult> CallSubOrchestratorAsync<TResult>(string name, string instanceId, object? input = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Durable.InstanceId.ThrowIfInvalid(instanceId);
        var json = Payload.From(input);
        return await Schedule<TResult>(name, task => new SubOrchestrationScheduled(task, name, instanceId, json));
    }

    /// <inheritdoc/>
    public async Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var number = _nextTask;
        var due = delay > DateTime.MaxValue - _now ? DateTime.MaxValue : _now + delay;
        var pending = new PendingTask<object?>();
        Schedule("timer", pending, task => new TimerCreated(task, due));
        using var registration = cancellationToken.Register(() =>
        {
            ThrowIfForeign();
            if (!_pending.Remove(number))
                return;
            CancelledTimers.Add(number);
            pending.Cancel(cancellationToken);
        });
        await pending.Task;
    }

    /// <inheritdoc/>
    public Task<T> WaitForExternalEvent<T>(string eventName)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        ThrowIfForeign();
        var pending = new PendingTask<T>();
        if (_buffered.TryGetValue(eventName, out var buffered) && buffered.TryDequeue(out var data))
            pending.Complete(data);
        else
            Queue(_waiting, eventName).Enqueue(pending);
        return pending.Task;
    }

    /// <inheritdoc/>
    public void SetCustomStatus(object? status)
    {
        ThrowIfForeign();
        var json = status is null ? null : JsonSerializer.Serialize(status, CoreJson.Options);
        var bytes = json is null ? 0 : Encoding.Unicode.GetByteCount(json);
        if (bytes > MaxCustomStatusBytes)
        {
            throw new ArgumentException(
                $"A custom status has at most {MaxCustomStatusBytes} bytes as UTF-16 JSON; this one has {bytes}.", nameof(status));
        }
        CustomStatus = json;
    }

    /// <inheritdoc/>
    /// <remarks>RFC 9562, version 8: SHA-256 of the instance, its execution and a counter, with the version and variant bits set.</remarks>
    public Guid NewGuid()
    {
        ThrowIfForeign();
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{instanceId}\n{execution}\n{_nextGuid++}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    private async Task<TResult> Schedule<TResult>(string name, Func<int, ScheduledAction> action)
    {
        var pending = new PendingTask<TResult>();
        Schedule(name, pending, action);
        return await pending.Task;
    }

    private void Schedule(string name, IPendingTask pending, Func<int, ScheduledAction> action)
    {
        ThrowIfForeign();
        var task = _nextTask++;
        _scheduled.Add(action(task));
        _pending.Add(task, (pending, name));
    }

    private void ThrowIfForeign()
    {
        if (!turn.IsTurn())
            throw new InvalidOperationException("An orchestration's context was used outside its turn.");
    }

    private static Queue<T> Queue<T>(Dictionary<string, Queue<T>> queues, string name)
    {
        if (!queues.TryGetValue(name, out var queue))
            queues.Add(name, queue = new Queue<T>());
        return queue;
    }
}
