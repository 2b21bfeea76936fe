using System.Diagnostics;

namespace WanTalk.Infra.Tests.Code;

/// <summary>How a program ended, and all that it said.</summary>
internal sealed record Command(int ExitCode, string Output)
{
    private static readonly Lock _starting = new();

    /// <summary>
    /// Writes programs. No other is started meanwhile: between its fork and its exec it would hold them open for writing, and Linux runs none
    /// that anybody may write to ("Text file busy").
    /// </summary>
    public static void Write(Action programs)
    {
        lock (_starting)
        {
            programs();
        }
    }

    /// <summary>Runs a program to its end, with no more in its environment than is given.</summary>
    public static async Task<Command> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string folder,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Start(start);
        try
        {
            process.StandardInput.Close();
            var texts = await Task.WhenAll(
                process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            return new Command(process.ExitCode, string.Concat(texts));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Comes back behind the exec.</summary>
    private static Process Start(ProcessStartInfo start)
    {
        lock (_starting)
        {
            return Process.Start(start)!;
        }
    }
}
