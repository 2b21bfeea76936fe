using System.Text;
using CliWrap;
using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Values;

/// <summary>Runs ffmpeg with streams at its ends; what it says on stderr becomes the error.</summary>
internal static class Ffmpeg
{
    public static async Task RunAsync(IEnumerable<string> arguments, PipeSource input, PipeTarget output, CancellationToken cancellationToken)
    {
        var said = new StringBuilder();
        var result = await Cli.Wrap("ffmpeg")
            .WithArguments(["-hide_banner", "-nostdin", "-v", "error", "-y", .. arguments])
            .WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(input)
            .WithStandardOutputPipe(output)
            .WithStandardErrorPipe(PipeTarget.ToDelegate(line =>
            {
                if (said.Length < 2000)
                    said.AppendLine(line);
            }))
            .ExecuteAsync(cancellationToken);
        if (result.ExitCode != 0)
            throw new NodeException("RuntimeError", $"ffmpeg ended with {result.ExitCode}: {said.ToString().ReplaceLineEndings(" ").Trim()}");
    }
}
