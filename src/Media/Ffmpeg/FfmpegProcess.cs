using System.ComponentModel;
using System.Runtime.ExceptionServices;
using CliWrap;
using WanTalk.Core.Errors;

namespace WanTalk.Media.Ffmpeg;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Zero when it says that all went well.</param>
/// <param name="Errors">The end of its standard error.</param>
internal sealed record ProcessOutcome(int ExitCode, ErrorTail Errors)
{
    /// <summary>
    /// Whether all went well. ffmpeg 5.1 ends with zero, too, when the end of a file could not be written, as on a disk that is full: then only
    /// its last messages tell that the file is cut off.
    /// </summary>
    public bool Succeeded => ExitCode == 0 && !Errors.Lines.Any(line =>
        line.StartsWith("Error writing trailer of ", StringComparison.Ordinal) || line.StartsWith("Error closing file ", StringComparison.Ordinal));
}

/// <summary>
/// Runs ffmpeg or ffprobe with piped streams. When the task ends, however it ends, the process has ended too: a cancelled run is asked to
/// stop (SIGINT), and killed with its children after <see cref="FfmpegOptions.GracePeriod"/>; a failing pipe kills it at once.
/// </summary>
internal sealed class FfmpegProcess(FfmpegOptions options)
{
    private readonly FfmpegOptions _options = options.Checked();

    /// <summary>The options in use.</summary>
    public FfmpegOptions Options => _options;

    /// <summary>A path as ffmpeg takes it without guessing: never an option, another protocol, or a pattern.</summary>
    public static string Url(string path) => "file:" + Path.GetFullPath(path);

    /// <summary>Runs ffmpeg. Arguments say everything but the noise level.</summary>
    public Task<ProcessOutcome> FfmpegAsync(
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        Func<Stream, CancellationToken, Task>? input = null,
        Func<Stream, CancellationToken, Task>? output = null) =>
        RunAsync(_options.FfmpegPath, ["-hide_banner", "-nostdin", "-nostats", "-v", "error", "-y", .. arguments], input, output, cancellationToken);

    /// <summary>Runs ffprobe.</summary>
    public Task<ProcessOutcome> FfprobeAsync(
        IEnumerable<string> arguments, Func<Stream, CancellationToken, Task> output, CancellationToken cancellationToken) =>
        RunAsync(_options.FfprobePath, ["-hide_banner", "-v", "error", .. arguments], null, output, cancellationToken);

    private async Task<ProcessOutcome> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        Func<Stream, CancellationToken, Task>? input,
        Func<Stream, CancellationToken, Task>? output,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var kill = new CancellationTokenSource();
        await using var graceful = cancellationToken.Register(() => kill.CancelAfter(_options.GracePeriod));
        var failure = new PipeFailure(kill, cancellationToken);
        var errors = new ErrorTail();
        var command = Cli.Wrap(program)
            .WithArguments(arguments)
            .WithEnvironmentVariables(variables => variables.Set("AV_LOG_FORCE_NOCOLOR", "1"))
            .WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(input is null ? PipeSource.Null : PipeSource.Create((to, _) => failure.GuardAsync(() => input(to, cancellationToken))))
            .WithStandardOutputPipe(output is null ? PipeTarget.Null : PipeTarget.Create((from, _) => failure.GuardAsync(() => output(from, cancellationToken))))
            .WithStandardErrorPipe(PipeTarget.Create((from, _) => errors.FillAsync(from, CancellationToken.None)));
        int exitCode;
        try
        {
            exitCode = (await command.ExecuteAsync(kill.Token, cancellationToken)).ExitCode;
        }
        catch (Win32Exception e)
        {
            throw new TalkException(
                ErrorCode.ProgramMissing,
                $"The program '{program}' cannot be started; install ffmpeg (on Debian or Ubuntu: sudo apt-get install -y ffmpeg) or set its path.",
                e);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            failure.Rethrow();
            throw;
        }

        cancellationToken.ThrowIfCancellationRequested();
        failure.Rethrow();
        var outcome = new ProcessOutcome(exitCode, errors);
        if (!outcome.Succeeded && errors.Text.Contains("No space left on device", StringComparison.Ordinal))
            throw new TalkException(ErrorCode.DiskFull, "The disk is full; free some space and try again.");
        return outcome;
    }

    /// <summary>Keeps the first exception of a pipe, and ends the process that would otherwise wait for the pipe.</summary>
    private sealed class PipeFailure(CancellationTokenSource kill, CancellationToken cancellationToken)
    {
        private ExceptionDispatchInfo? _first;

        public async Task GuardAsync(Func<Task> pipe)
        {
            try
            {
                await pipe();
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The process has been asked to end by the same token, and closing this stream helps it.
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _first, ExceptionDispatchInfo.Capture(e), null);
                await kill.CancelAsync();
            }
        }

        public void Rethrow() => _first?.Throw();
    }
}
