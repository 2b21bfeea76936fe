using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace WanTalk.EndToEnd.Support;

/// <summary>An understudy that nobody supervises: an engine on another machine, as it were.</summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private EngineProcess(Process process, string address) =>
        (_process, Address, _http) = (process, address, new HttpClient { BaseAddress = new Uri(address) });

    public string Address { get; }

    public bool HasExited => _process.HasExited;

    public static async Task<EngineProcess> StartAsync(TemporaryFolder folder, params string[] more)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [Repository.ProgramOf("Understudy"), "--port", "0", "--dir", folder.Path, .. more])
        {
            RedirectStandardOutput = true,
        })!;
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        return new EngineProcess(process, line!.Split(' ').First(word => word.StartsWith("http", StringComparison.Ordinal)));
    }

    public Task<string> GetAsync(string path) => _http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    /// <summary>Has something go wrong.</summary>
    public async Task ArmAsync(object fault) =>
        (await _http.PostAsJsonAsync("understudy/faults", fault, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

    /// <summary>Takes back what was to go wrong.</summary>
    public async Task ClearAsync() =>
        (await _http.DeleteAsync(new Uri("understudy/faults", UriKind.Relative), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

    /// <summary>Waits until a prompt with our sampler is running.</summary>
    public Task WaitForSamplingAsync() => UntilAsync("queue", queue =>
        JsonNode.Parse(queue)!["queue_running"]!.ToJsonString().Contains("WanTalkWindowSampler", StringComparison.Ordinal));

    /// <summary>Waits until a prompt was interrupted.</summary>
    public Task WaitForInterruptAsync() => UntilAsync("history", history => history.Contains("execution_interrupted", StringComparison.Ordinal));

    private async Task UntilAsync(string path, Func<string, bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(4));
        while (!condition(await GetAsync(path)))
        {
            await Task.Delay(50, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
