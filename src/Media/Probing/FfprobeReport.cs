using System.Globalization;

namespace WanTalk.Media.Probing;

/// <summary>ffprobe's JSON (<c>-show_format -show_streams</c>), with its names and its numbers in strings.</summary>
internal sealed record FfprobeReport(FfprobeFormat? Format, IReadOnlyList<FfprobeStream>? Streams)
{
    private static readonly Dictionary<string, string> None = [];

    public MediaInfo ToInfo() => new()
    {
        Format = Format?.FormatName ?? "",
        DurationSeconds = Number(Format?.Duration),
        Tags = Format?.Tags ?? None,
        Streams = [.. (Streams ?? []).Select(ToStream)],
    };

    private static StreamInfo ToStream(FfprobeStream stream) => new()
    {
        Index = stream.Index,
        Type = stream.CodecType ?? "",
        Codec = stream.CodecName ?? "",
        Profile = stream.Profile,
        Width = stream.Width,
        Height = stream.Height,
        PixelFormat = stream.PixFmt,
        ColorSpace = stream.ColorSpace,
        ColorRange = stream.ColorRange,
        ColorPrimaries = stream.ColorPrimaries,
        ColorTransfer = stream.ColorTransfer,
        FramesPerSecond = Ratio(stream.AvgFrameRate),
        ReorderedFrames = stream.HasBFrames,
        Packets = (long?)Number(stream.NbReadPackets),
        SampleRate = (int)(Number(stream.SampleRate) ?? 0),
        Channels = stream.Channels,
        StartSeconds = Number(stream.StartTime),
        DurationSeconds = Number(stream.Duration) ?? (Clock(stream.Tags?.GetValueOrDefault("DURATION")) - Math.Max(0, Number(stream.StartTime) ?? 0)),
        AttachedPicture = stream.Disposition?.GetValueOrDefault("attached_pic") == 1,
        Tags = stream.Tags ?? None,
    };

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static double? Ratio(string? text)
    {
        var parts = (text ?? "").Split('/');
        return parts.Length == 2 && Number(parts[0]) is { } above && Number(parts[1]) is { } below && below > 0 && above > 0 ? above / below : null;
    }

    /// <summary>A Matroska tag such as <c>00:00:09.057000000</c>: when the stream ends, counted from the beginning of the file.</summary>
    private static double? Clock(string? text)
    {
        var parts = (text ?? "").Split(':');
        return parts.Length == 3 && Number(parts[0]) is { } hours && Number(parts[1]) is { } minutes && Number(parts[2]) is { } seconds
            ? (hours * 3600) + (minutes * 60) + seconds
            : null;
    }
}

/// <summary>The container's part of the report.</summary>
internal sealed record FfprobeFormat(string? FormatName, string? Duration, Dictionary<string, string>? Tags);

/// <summary>A stream's part of the report.</summary>
internal sealed record FfprobeStream(
    int Index,
    string? CodecType,
    string? CodecName,
    string? Profile,
    int Width,
    int Height,
    string? PixFmt,
    string? ColorSpace,
    string? ColorRange,
    string? ColorPrimaries,
    string? ColorTransfer,
    string? AvgFrameRate,
    int HasBFrames,
    string? NbReadPackets,
    string? SampleRate,
    int Channels,
    string? StartTime,
    string? Duration,
    Dictionary<string, int>? Disposition,
    Dictionary<string, string>? Tags);
