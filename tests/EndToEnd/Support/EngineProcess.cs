using System.Diagnostics;
using System.Net.Http.Json;

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
    public async Task WaitForSamplingAsync()
    {
        while (!(await GetAsync("queue")).Contains("WanTalkWindowSampler", StringComparison.Ordinal))
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
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
