using System.Diagnostics;

namespace WanTalk.Storage.Tests.Children;

/// <summary>One of the programs of <see cref="ChildProgram"/> in a process of its own, which ends with the test.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ChildProcess(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
    }

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    internal static ChildProcess Start(params string[] command) => new(Environment.ProcessPath!, ["child", .. command]);

    /// <summary>Starts it with something more in its environment.</summary>
    internal static ChildProcess Start(IReadOnlyDictionary<string, string> environment, params string[] command) =>
        new(Environment.ProcessPath!, ["child", .. command], environment);

    /// <summary>Starts it with a small disk of its own at a folder; null where this machine does not allow that.</summary>
    internal static async Task<ChildProcess?> TryStartOnSmallDiskAsync(string folder, params string[] command)
    {
        const string Script = """mount -t tmpfs -o size=4m none "$0" && echo mounted && exec "$@" """;
        string[] ownMounts = Environment.IsPrivilegedProcess ? ["--mount"] : ["--user", "--map-root-user", "--mount"];
        var child = new ChildProcess("unshare", [.. ownMounts, "sh", "-c", Script, folder, Environment.ProcessPath!, "child", .. command]);
        if (await child._process.StandardOutput.ReadLineAsync(TestEnd) == "mounted")
        {
            return child;
        }

        await child.DisposeAsync();
        return null;
    }

    internal async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync(TestEnd) ?? throw new InvalidOperationException("The child has ended too early.");

    internal async Task<string[]> ReadToEndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync(TestEnd);
        await _process.WaitForExitAsync(TestEnd);
        Assert.Equal(0, _process.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    internal async Task GoAsync()
    {
        await _process.StandardInput.WriteLineAsync("go");
        await _process.StandardInput.FlushAsync(TestEnd);
    }

    /// <summary>kill -9.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestEnd);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }
}
