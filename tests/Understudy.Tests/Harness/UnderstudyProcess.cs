using System.Diagnostics;
using System.Text.RegularExpressions;
using WanTalk.ComfyUI;

namespace WanTalk.Understudy.Tests.Harness;

/// <summary>A real understudy in a folder of its own, on a port of its own, which ends with the test.</summary>
public sealed partial class UnderstudyProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly bool _ownsFolder;
    private bool _isDisposed;

    private UnderstudyProcess(Process process, Uri address, string folder, bool ownsFolder) =>
        (_process, Address, Folder, _ownsFolder) = (process, address, folder, ownsFolder);

    /// <summary>
    /// For specs of what is heard: however slow the machine is, the socket is waited for before a prompt is sent, and no look at history tells
    /// the prompt's end before its messages do.
    /// </summary>
    public static ComfyClientOptions Patient { get; } = new()
    {
        RequestTimeout = TimeSpan.FromMinutes(1),
        SocketTimeout = TimeSpan.FromMinutes(1),
        SilenceBeforePolling = TimeSpan.FromMinutes(1),
        UnreachableTimeout = TimeSpan.FromMinutes(1),
        WithdrawTimeout = TimeSpan.FromMinutes(1),
    };

    public Uri Address { get; }

    public string Folder { get; }

    public static async Task<UnderstudyProcess> StartAsync(string? folder = null, int port = 0, params string[] more)
    {
        var home = folder ?? Directory.CreateTempSubdirectory("understudy-").FullName;
        var start = new ProcessStartInfo(Executable) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["--port", $"{port}", "--dir", home, "--exit-with-stdin", .. more])
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
                return new UnderstudyProcess(process, new Uri(match.Groups[1].Value), home, folder is null);
        }
        throw new InvalidOperationException("The understudy ended before it listened.");
    }

    /// <summary>A client of it; a patient one, unless it is told otherwise.</summary>
    public ComfyClient NewClient(ComfyClientOptions? options = null) => new(Address, options ?? Patient);

    /// <summary>SIGKILL, and the end awaited.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits until it is gone by itself.</summary>
    public Task EndedAsync() => _process.WaitForExitAsync(TestContext.Current.CancellationToken);

    /// <summary>SIGTERM, and the exit code: 128 and the signal's number if the signal ended it.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Closes its standard input, as a parent that dies does, and gives its exit code.</summary>
    public async Task<int> CloseInputAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
        if (_ownsFolder)
            Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The executable beside the test's own output: artifacts/bin/Understudy/release for artifacts/bin/X.Tests/release.</summary>
    public static string Executable
    {
        get
        {
            var here = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
            return Path.Combine(here, "..", "..", "Understudy", Path.GetFileName(here), "WanTalk.Understudy");
        }
    }

    [GeneratedRegex(@"^understudy listening on (http://127\.0\.0\.1:\d+) \(a preview engine, not WanVideo\)$")]
    private static partial Regex Listening();
}
