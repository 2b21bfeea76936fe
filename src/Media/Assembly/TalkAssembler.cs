using System.Text;
using WanTalk.Core.Errors;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Probing;
using WanTalk.Media.Windows;

namespace WanTalk.Media.Assembly;

/// <summary>
/// Joins segments and speech to the finished video without encoding again. Nothing is cut: a stream copy cannot cut inside a group of
/// pictures, so each window was encoded with exactly the frames it shows.
/// </summary>
/// <param name="options">How ffmpeg is run.</param>
public sealed class TalkAssembler(FfmpegOptions options)
{
    private const double FramesPerSecond = 25;
    private const double AacFrameSeconds = 1024 / 48_000.0;
    private readonly FfmpegProcess _process = new(options);
    private readonly MediaProbe _probe = new(options);

    /// <summary>
    /// Writes an MP4 with its index in front, the frames and the speech both starting at 0, and no metadata; then reads it back and counts.
    /// Same parts, same bytes. Segments are opened one after another, so that their number does not matter.
    /// </summary>
    /// <param name="parts">What to join.</param>
    /// <param name="videoMp4">Where to write, whole or not at all.</param>
    /// <param name="cancellationToken">Ends ffmpeg; no file is left.</param>
    /// <returns>The finished video as ffprobe sees it, packets counted.</returns>
    /// <exception cref="TalkException">
    /// <see cref="ErrorCode.Internal"/> when a part is missing or not what was said; <see cref="ErrorCode.DiskFull"/>; <see cref="ErrorCode.ProgramMissing"/>.
    /// </exception>
    public async Task<MediaInfo> AssembleAsync(TalkParts parts, string videoMp4, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Segments.Count == 0)
            throw new ArgumentException("There are no segments.", nameof(parts));
        await CheckPartsAsync(parts, cancellationToken);
        MediaInfo? finished = null;
        await WholeFiles.WriteAsync(videoMp4, async temporary =>
        {
            var outcome = await _process.FfmpegAsync(
                [
                    "-f", "concat", "-safe", "0", "-auto_convert", "0", "-protocol_whitelist", "file,pipe", "-i", "pipe:0",
                    "-i", FfmpegProcess.Url(parts.SpeechM4a),
                    "-map", "0:v:0", "-map", "1:a:0", "-c", "copy",

                    // Edit lists count in this scale; in the usual milliseconds the last samples of the speech would be cut off.
                    "-movie_timescale", "48000",
                    "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-movflags", "+faststart",
                    "-f", "mp4", FfmpegProcess.Url(temporary),
                ],
                cancellationToken,
                input: (pipe, token) => ListAsync(parts.Segments, pipe, token));
            if (!outcome.Succeeded)
                throw Broken($"ffmpeg could not join it ({outcome.Errors.LastLine})");
            finished = await _probe.ProbeAsync(temporary, cancellationToken, countPackets: true);
            CheckFinished(finished, parts);
        });
        return finished!;
    }

    /// <summary>Parts that differ would join without a word and play as rubbish.</summary>
    private static async Task CheckPartsAsync(TalkParts parts, CancellationToken cancellationToken)
    {
        if (!File.Exists(parts.SpeechM4a))
            throw Broken("its speech is missing");
        byte[]? first = null;
        for (var i = 0; i < parts.Segments.Count; i++)
        {
            var path = parts.Segments[i];
            if (!File.Exists(path))
                throw Broken($"segment {i} is missing");
            if (path.Contains('\n'))
                throw new ArgumentException("A segment's path has a line break in it.", nameof(parts));
            var sets = await ParameterSets.ReadAsync(path, cancellationToken) ?? throw Broken($"segment {i} is damaged");
            first ??= sets;
            if (!first.AsSpan().SequenceEqual(sets))
                throw Broken($"segment {i} was encoded with other settings than segment 0");
        }
    }

    /// <summary>Writes the list that ffmpeg's concat reader takes (its "Syntax" section), path by path.</summary>
    private static async Task ListAsync(IReadOnlyList<string> segments, Stream pipe, CancellationToken cancellationToken)
    {
        foreach (var path in segments.Select(FfmpegProcess.Url).Prepend(null))
        {
            var line = path is null ? "ffconcat version 1.0\n" : $"file '{path.Replace("'", @"'\''", StringComparison.Ordinal)}'\n";
            if (!await Pipes.TryWriteAsync(pipe, Encoding.UTF8.GetBytes(line), cancellationToken))
                return;
        }
    }

    private static void CheckFinished(MediaInfo finished, TalkParts parts)
    {
        if (finished.Video?.Packets != parts.VisibleFrames)
            throw Broken($"it has {finished.Video?.Packets ?? 0} frames and not {parts.VisibleFrames}");
        if (Math.Abs((finished.Video.DurationSeconds ?? 0) - (parts.VisibleFrames / FramesPerSecond)) > 0.001 || finished.Video.StartSeconds != 0)
            throw Broken($"its frames last {finished.Video.DurationSeconds} s from {finished.Video.StartSeconds} s on");
        var speech = parts.SpeechSamples48k / 48_000.0;
        if (finished.Audio is not { } audio || Math.Abs((audio.DurationSeconds ?? 0) - speech) > AacFrameSeconds || audio.StartSeconds != 0)
            throw Broken($"its audio lasts {finished.Audio?.DurationSeconds ?? 0} s and the speech {speech} s");
    }

    private static TalkException Broken(string reason) => new(ErrorCode.Internal, $"The video could not be assembled: {reason}.");
}
