using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Orchestration;
using WanTalk.Local.Durable;
using WanTalk.Waiting;

namespace WanTalk.Local.Tests.Durable;

/// <summary>A store in a temporary folder, its client, and a runtime that can be started, stopped and killed.</summary>
internal sealed class DurableHost : IAsyncDisposable
{
    public static readonly OrchestrationStatus[] BlockedByLiving =
        [OrchestrationStatus.Pending, OrchestrationStatus.Running, OrchestrationStatus.Suspended];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-durable-");
    private readonly TimeProvider _clock;
    private DurableOptions _options;
    private DurableRuntime? _runtime;

    public DurableHost(TimeProvider? clock = null, Func<DurableOptions, DurableOptions>? configure = null)
    {
        _clock = clock ?? TimeProvider.System;
        // A stop that gave up would leave a runtime behind that takes the wake-ups of the next one on the same store.
        var options = new DurableOptions { DatabasePath = DatabasePath, StopTimeout = TimeSpan.FromMinutes(2) };
        _options = configure?.Invoke(options) ?? options;
        Open();
    }

    public DurableRegistry Registry { get; set; } = new();

    /// <summary>The faults of the runtime itself, as it logged them.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    public DurableStore Store { get; private set; } = null!;

    public DurableClient Client { get; private set; } = null!;

    public string DatabasePath => Path.Combine(_folder.FullName, "durable.db");

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task StartAsync()
    {
        _runtime = new DurableRuntime(Store, Registry, new FaultLog(Faults));
        await _runtime.StartAsync(Cancellation);
    }

    public async Task StopAsync()
    {
        if (_runtime is not null)
            await _runtime.StopAsync(Cancellation);
        _runtime = null;
    }

    /// <summary>What a kill leaves: the store is closed under the running runtime, and opened anew; no runtime runs.</summary>
    public void Crash()
    {
        Store.Dispose();
        _runtime = null;
        Open();
    }

    /// <summary>Stops and starts again, as another version if one is given.</summary>
    public async Task RestartAsync(Version? version = null)
    {
        await StopAsync();
        Store.Dispose();
        _options = _options with { Version = version ?? _options.Version };
        Open();
        await StartAsync();
    }

    public Task<bool> ScheduleAsync(string name, string id, object? input = null, params OrchestrationStatus[] blockedBy) =>
        Client.ScheduleNewOrchestrationInstanceAsync(name, id, input, blockedBy, Cancellation);

    public async Task<OrchestrationInstance> EndOfAsync(string id) =>
        await Client.WaitForInstanceCompletionAsync(id, Cancellation).WaitAsync(Patience, Cancellation)
        ?? throw new InvalidOperationException($"There is no {id}.");

    public async Task<T> OutputOfAsync<T>(string id)
    {
        var end = await EndOfAsync(id);
        Assert.Equal((OrchestrationStatus.Completed, null), (end.Status, end.FailureMessage));
        return end.ReadOutputAs<T>()!;
    }

    public async Task<string> FailureOfAsync(string id)
    {
        var end = await EndOfAsync(id);
        Assert.Equal(OrchestrationStatus.Failed, end.Status);
        return end.FailureMessage!;
    }

    public Task RaiseAsync(string id, string name, object? payload = null) => Client.RaiseEventAsync(id, name, payload, Cancellation);

    /// <summary>Waits until an instance's custom status is a text: how the orchestrators of these tests say where they are.</summary>
    public Task UntilStatusAsync(string id, string status) =>
        UntilAsync(async () => (await Client.GetInstanceAsync(id, Cancellation))?.ReadCustomStatusAs<string>() == status);

    /// <summary>Waits until something is so; fails when it does not become so.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="what">The condition's text, for the failure.</param>
    public static Task UntilAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Wait.UntilAsync(condition, Patience, what);

    /// <summary>How many rows a table has.</summary>
    public int Count(string table) =>
        Store.Database.Read(() => Store.Database.Query($"SELECT count(*) FROM {table}", row => row.GetInt32(0))[0]);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Store.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Open()
    {
        Store = DurableStore.Open(_options, _clock);
        Client = new DurableClient(Store);
    }

    private sealed class FaultLog(ConcurrentQueue<string> faults) : ILogger<DurableRuntime>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error)
                faults.Enqueue(formatter(state, exception));
        }
    }
}
