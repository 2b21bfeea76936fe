using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using CliWrap;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Nodes.Audio;

/// <summary>Sound through ffmpeg, from and to disk by parts.</summary>
internal static class AudioFiles
{
    /// <summary>
    /// Refuses in the real one's words what it does not load: files that are no recordings, and 8-bit samples.
    /// </summary>
    public static async Task DemandAudioAsync(string path, CancellationToken cancellationToken)
    {
        var report = new StringBuilder();
        var result = await Cli.Wrap("ffprobe")
            .WithArguments(
            [
                "-v", "error", "-show_entries", "format=format_name:stream=codec_type,sample_fmt", "-of", "compact=p=0:nk=1", path,
            ])
            .WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(PipeTarget.ToDelegate(line =>
            {
                if (report.Length < 10_000)
                    report.Append(line).Append('\n');
            }))
            .ExecuteAsync(cancellationToken);
        var lines = report.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // ffmpeg takes any text for a terminal's picture; the real one's library does not.
        if (result.ExitCode != 0 || lines is [.., "tty"])
            throw new NodeException("av.error.InvalidDataError", $"[Errno 1094995529] Invalid data found when processing input: '{path}'");
        var audio = Array.Find(lines, line => line.StartsWith("audio|", StringComparison.Ordinal))
            ?? throw new NodeException("ValueError", "No audio stream found in the file.");
        if (audio is "audio|u8" or "audio|u8p")
            throw new NodeException("ValueError", "Unsupported wav dtype: torch.uint8");
    }

    /// <summary>Decodes the first audio stream of a file at its own rate and number of channels.</summary>
    public static async Task<AudioValue> DecodeAsync(string path, string scratch, CancellationToken cancellationToken)
    {
        var samples = new ScratchFile(scratch);
        var format = (Rate: 0, Channels: 0);
        try
        {
            string[] arguments =
            [
                "-i", path, "-map", "0:a:0", "-vn", "-map_metadata", "-1", "-fflags", "+bitexact", "-c:a", "pcm_f32le", "-f", "wav", "pipe:1",
            ];
            var target = PipeTarget.Create(async (stream, token) =>
            {
                format = await ReadWaveHeaderAsync(stream, token);
                await AppendAsync(stream, samples, token);
            });
            await Ffmpeg.RunAsync(arguments, PipeSource.Null, target, cancellationToken);
            return format.Channels > 0
                ? new AudioValue(samples, format.Rate, format.Channels)
                : throw new NodeException("ValueError", "No audio stream found in the file.");
        }
        catch
        {
            samples.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Converts to another rate and number of channels. The length is that of the real one's resampler, rounded up; ffmpeg's may be some
    /// samples off.
    /// </summary>
    public static async Task<AudioValue> ConvertAsync(
        AudioValue audio, int rate, int channels, string scratch, CancellationToken cancellationToken)
    {
        var samples = new ScratchFile(scratch);
        try
        {
            string[] arguments = [.. RawInput(audio), "-ac", Text(channels), "-ar", Text(rate), "-f", "f32le", "pipe:1"];
            var length = ((audio.Length * rate) + audio.Rate - 1) / audio.Rate * channels * sizeof(float);
            var target = PipeTarget.Create((stream, token) => AppendAsync(stream, samples, token, length));
            await Ffmpeg.RunAsync(arguments, SourceOf(audio), target, cancellationToken);
            samples.Append(new byte[length - samples.Length]);
            return new AudioValue(samples, rate, channels);
        }
        catch
        {
            samples.Dispose();
            throw;
        }
    }

    /// <summary>Writes 16-bit FLAC under a name that appears when the file is whole.</summary>
    public static async Task EncodeFlacAsync(AudioValue audio, string path, CancellationToken cancellationToken)
    {
        var partial = path + ".tmp";
        string[] arguments =
        [
            .. RawInput(audio), "-map_metadata", "-1", "-fflags", "+bitexact", "-c:a", "flac", "-sample_fmt", "s16", "-f", "flac", partial,
        ];
        try
        {
            await Ffmpeg.RunAsync(arguments, SourceOf(audio), PipeTarget.Null, cancellationToken);
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static string[] RawInput(AudioValue audio) =>
        ["-f", "f32le", "-ar", Text(audio.Rate), "-ac", Text(audio.Channels), "-i", "pipe:0"];

    private static PipeSource SourceOf(AudioValue audio) => PipeSource.Create((stream, token) => audio.Samples.CopyToAsync(stream, token));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task AppendAsync(
        Stream stream, ScratchFile samples, CancellationToken cancellationToken, long most = long.MaxValue)
    {
        var buffer = new byte[64 << 10];
        for (int count; (count = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
            samples.Append(buffer.AsSpan(0, (int)Math.Min(count, most - samples.Length)));
    }

    /// <summary>Reads a WAV header up to the samples; the lengths in it are unknown, since ffmpeg writes to a pipe.</summary>
    private static async Task<(int Rate, int Channels)> ReadWaveHeaderAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new byte[12];
        if (await stream.ReadAtLeastAsync(head, 12, throwOnEndOfStream: false, cancellationToken) < 12)
            return default;
        var format = (Rate: 0, Channels: 0);
        var chunk = new byte[8];
        while (true)
        {
            await stream.ReadExactlyAsync(chunk, cancellationToken);
            if (chunk.AsSpan(0, 4).SequenceEqual("data"u8))
                return format;
            var body = new byte[BinaryPrimitives.ReadUInt32LittleEndian(chunk.AsSpan(4)) is <= 65536 and var length ? length : 0];
            await stream.ReadExactlyAsync(body, cancellationToken);
            if (chunk.AsSpan(0, 4).SequenceEqual("fmt "u8))
                format = (BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(4)), BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(2)));
        }
    }
}
