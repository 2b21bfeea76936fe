using System.Collections.Concurrent;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Frames;
using WanTalk.Media.Tests.Support;
using WanTalk.Media.Windows;

namespace WanTalk.Media.Tests.Assembly;

/// <summary>Windows of coded frames, and the segments made of them, made once for all tests: window k holds frames 72k..72k+80.</summary>
public sealed class WindowLibrary : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ConcurrentDictionary<int, Lazy<Task<string>>> _windows = new();
    private readonly ConcurrentDictionary<(int, int), Lazy<Task<string>>> _segments = new();

    /// <summary>Window k, lossless.</summary>
    public Task<string> WindowAsync(int k) => _windows.GetOrAdd(k, _ => new(async () =>
    {
        var path = _folder[$"{k}.mkv"];
        await new LosslessWriter(new FfmpegOptions()).WriteAsync(CodedFrames.Sequence(72 * k, 81), CodedFrames.Side, CodedFrames.Side, path, CancellationToken.None);
        return path;
    })).Value;

    /// <summary>Window k as a segment of the frames that it keeps.</summary>
    public Task<string> SegmentAsync(int k, WindowFrames frames) => _segments.GetOrAdd((k, frames.Keep), _ => new(async () =>
    {
        var path = _folder[$"{k}-{frames.Keep}.mp4"];
        await using var window = File.OpenRead(await WindowAsync(k));
        await new WindowEncoder(new FfmpegOptions()).EncodeAsync(window, frames, path, CancellationToken.None);
        return path;
    })).Value;

    /// <summary>All segments of a talk.</summary>
    public async Task<string[]> TalkAsync(int visibleFrames)
    {
        var plan = TalkPlan.Of(visibleFrames);
        return await Task.WhenAll(plan.Select((frames, k) => SegmentAsync(k, frames)));
    }

    public void Dispose() => _folder.Dispose();
}
