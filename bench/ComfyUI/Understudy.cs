using System.Diagnostics;

namespace WanTalk.Bench.ComfyUI;

/// <summary>An understudy with probe nodes, as a process of its own, in a folder of its own.</summary>
internal sealed class Understudy : IAsyncDisposable
{
    private const string Greeting = "understudy listening on ";
    private readonly Process _process;
    private readonly string _folder;

    private Understudy(Process process, string folder, Uri address) => (_process, _folder, Address) = (process, folder, address);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<Understudy> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("wantalk-bench-").FullName;
        var program = Path.Combine(AppContext.BaseDirectory, "../../Understudy/release/WanTalk.Understudy");
        var start = new ProcessStartInfo(program, ["--port", "0", "--dir", folder, "--exit-with-stdin", "--probes"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(Greeting, StringComparison.Ordinal))
                return new Understudy(process, folder, new Uri(line[Greeting.Length..].Split(' ')[0]));
        }

        throw new InvalidOperationException("The understudy ended before it listened.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
