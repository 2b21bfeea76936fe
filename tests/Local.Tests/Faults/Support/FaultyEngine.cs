using System.Net.Http.Json;
using System.Text.Json;
using WanTalk.Understudy.Tests.Harness;

namespace WanTalk.Local.Tests.Faults.Support;

/// <summary>An understudy in which things can be made to go wrong.</summary>
public sealed class FaultyEngine : IAsyncDisposable
{
    private static readonly Uri Faults = new("understudy/faults", UriKind.Relative);
    private readonly UnderstudyProcess _process;
    private readonly HttpClient _http;

    private FaultyEngine(UnderstudyProcess process) => (_process, _http) = (process, new HttpClient { BaseAddress = process.Address });

    public Uri Address => _process.Address;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public static async Task<FaultyEngine> StartAsync() => new(await UnderstudyProcess.StartAsync(more: "--faults"));

    /// <summary>Has something go wrong once.</summary>
    public async Task ArmAsync(object fault) => (await _http.PostAsJsonAsync(Faults, fault, TestEnd)).EnsureSuccessStatusCode();

    /// <summary>Lets go what a fault holds.</summary>
    public async Task ClearAsync() => (await _http.DeleteAsync(Faults, TestEnd)).EnsureSuccessStatusCode();

    /// <summary>Waits until everything that was armed has struck.</summary>
    public Task StruckAsync() => FullHost.UntilAsync(async () => (await ReadAsync("understudy/faults")).GetProperty("faults").GetArrayLength() == 0);

    /// <summary>Whether no prompt runs or waits.</summary>
    public async Task<bool> IsIdleAsync()
    {
        var queue = await ReadAsync("queue");
        return queue.GetProperty("queue_running").GetArrayLength() + queue.GetProperty("queue_pending").GetArrayLength() == 0;
    }

    /// <summary>How many prompts have come to an end since it was started.</summary>
    public async Task<int> CountPromptsAsync() => (await ReadAsync("history")).EnumerateObject().Count();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private Task<JsonElement> ReadAsync(string path) => _http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative), TestEnd);
}
