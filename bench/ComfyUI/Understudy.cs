using System.Diagnostics;

namespace WanTalk.Bench.ComfyUI;

/// <summary>An understudy as a process of its own, in a folder of its own.</summary>
internal sealed class Understudy : IAsyncDisposable
{
    private const string Greeting = "understudy listening on ";
    private readonly Process _process;
    private readonly string _folder;

    private Understudy(Process process, string folder, Uri address) => (_process, _folder, Address) = (process, folder, address);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="option">What it is to have beside what it always has: <c>--probes</c> or <c>--faults</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Understudy> StartAsync(string option, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("wantalk-bench-").FullName;
        var program = Path.Combine(AppContext.BaseDirectory, "../../Understudy/release/WanTalk.Understudy");
        var start = new ProcessStartInfo(program, ["--port", "0", "--dir", folder, "--exit-with-stdin", option])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(Greeting, StringComparison.Ordinal))
            {
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return new Understudy(process, folder, new Uri(line[Greeting.Length..].Split(' ')[0]));
            }
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
