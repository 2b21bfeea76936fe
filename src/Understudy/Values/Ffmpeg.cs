using System.Text;
using CliWrap;
using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Values;

/// <summary>Runs ffmpeg with streams at its ends; what it says on stderr becomes the error.</summary>
internal static class Ffmpeg
{
    /// <summary>The most characters of what ffmpeg says that are kept.</summary>
    private const int MaxSaid = 8000;

    /// <summary>Runs it; a failure becomes a node's error on one line.</summary>
    public static async Task RunAsync(
        IEnumerable<string> arguments, PipeSource input, PipeTarget output, CancellationToken cancellationToken)
    {
        var (code, said) = await TryRunAsync(arguments, input, output, cancellationToken);
        // It ends with zero, too, when the end of a file could not be written.
        if (code != 0 || said.Contains("Error writing trailer of ", StringComparison.Ordinal) || said.Contains("Error closing file ", StringComparison.Ordinal))
            throw new NodeException("RuntimeError", $"ffmpeg ended with {code}: {said.ReplaceLineEndings(" ").Trim()}");
    }

    /// <summary>Runs it and gives its exit code and what it said.</summary>
    public static async Task<(int Code, string Said)> TryRunAsync(
        IEnumerable<string> arguments, PipeSource input, PipeTarget output, CancellationToken cancellationToken)
    {
        var said = new StringBuilder();
        var result = await Cli.Wrap("ffmpeg")
            .WithArguments(["-hide_banner", "-nostdin", "-v", "error", "-y", .. arguments])
            .WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(input)
            .WithStandardOutputPipe(output)
            .WithStandardErrorPipe(PipeTarget.ToDelegate(line =>
            {
                if (said.Length < MaxSaid)
                    said.Append(line).Append('\n');
            }))
            .ExecuteAsync(cancellationToken);
        return (result.ExitCode, said.ToString());
    }
}
