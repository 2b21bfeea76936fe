using System.Net;
using System.Net.Http.Headers;
using WanTalk.EndToEnd.Support;

namespace WanTalk.EndToEnd;

/// <summary>Talks that are played while they are being made, over HTTP, as a player does it.</summary>
public sealed class StreamSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _elsewhere = new();
    private readonly HttpClient _http = new();

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task A_talk_plays_before_it_is_made_survives_a_kill_and_its_segments_joined_are_its_video()
    {
        await MediaFile.MakeAsync($"-stream_loop 1 -i \"{Repository.Speech}\" \"{_folder.File("speech.wav")}\"");
        // The talk is not made before it was played.
        await using var engine = await EngineProcess.StartAsync(_elsewhere, "--faults");
        await engine.ArmAsync(new { kind = "slow_window", window = 3, seconds = 600 });
        string path;
        string[] before;
        await using (var server = await TalkServer.StartAsync(_folder, engine: engine))
        {
            var talk = await PostAsync(server, "true");
            path = talk.AbsolutePath;
            using var early = await _http.GetAsync($"{talk}/hls/index.m3u8", TestEnd);
            Assert.Equal(HttpStatusCode.NotFound, early.StatusCode);
            Assert.Equal("stream_not_found", (await TalkServer.ReadAsync(early)).GetProperty("code").GetString());

            var view = await server.PollAsync(talk, view => view.TryGetProperty("stream_url", out _));
            Assert.Equal("running", view.GetProperty("status").GetString());
            Assert.True(view.GetProperty("windows_done").GetInt32() < view.GetProperty("windows_planned").GetInt32(), "It was made before it could be played.");
            Assert.Equal($"{talk}/hls/index.m3u8", view.GetProperty("stream_url").GetString());
            await AssertPlaysAsync(talk);
            before = await SegmentsAsync(talk);
            Assert.NotEmpty(before);
        }

        await engine.ClearAsync();
        await using (var server = await TalkServer.StartAsync(_folder, engine: engine))
        {
            var talk = new Uri(server.Address, path);
            var done = await server.PollAsync(talk, view =>
            {
                var now = SegmentsAsync(talk).GetAwaiter().GetResult();
                Assert.Equal(before, now.Take(before.Length));
                before = now;
                return view.GetProperty("status").GetString() == "completed";
            });
            Assert.Equal(done.GetProperty("windows_planned").GetInt32(), before.Length);
            Assert.DoesNotContain("stream", done.GetProperty("warnings").ToString(), StringComparison.Ordinal);
            await server.DownloadAsync(done, _folder.File("talk.mp4"));
            await AssertIsTheVideoAsync(talk);
            await AssertHeadersAsync(talk, before[0]);
            await AssertSameAgainAsync(server, talk);
            Assert.False((await server.EndOfAsync(await PostAsync(server, "false", "3"))).TryGetProperty("stream_url", out _));

            using var deleted = await _http.DeleteAsync(talk, TestEnd);
            using var gone = await _http.GetAsync($"{talk}/hls/{before[0]}", TestEnd);
            Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (deleted.StatusCode, gone.StatusCode));
        }
    }

    /// <summary>What ffprobe finds in the stream, while it grows.</summary>
    private static async Task AssertPlaysAsync(Uri talk)
    {
        var streams = await MediaFile.AskAsync("-show_entries stream=codec_name,width,height -of csv=p=0", $"{talk}/hls/index.m3u8");
        Assert.Contains("h264,256,256", streams, StringComparison.Ordinal);
        Assert.Contains("aac", streams, StringComparison.Ordinal);
    }

    /// <summary>Played to its end, and joined by hand, it is frame by frame the video that was delivered, and its sound.</summary>
    private async Task AssertIsTheVideoAsync(Uri talk)
    {
        var expected = await StreamFiles.FramesAsync(_folder.File("talk.mp4"), "v");
        // A player's clock begins with what only warms the AAC decoder up, 0.02 s before the first picture: here the pictures count.
        Assert.Equal(expected.Select(StreamFiles.HashOf), (await StreamFiles.FramesAsync($"{talk}/hls/index.m3u8", "v")).Select(StreamFiles.HashOf));
        foreach (var kind in (string[])["video", "audio"])
        {
            await StreamFiles.JoinAsync(_http, new Uri($"{talk}/hls/{kind}.m3u8"), _folder.File($"{kind}.mp4"));
        }

        Assert.Equal(expected, await StreamFiles.FramesAsync(_folder.File("video.mp4"), "v"));
        Assert.Equal(await StreamFiles.FramesAsync(_folder.File("talk.mp4"), "a", "-copyts -c copy"), await StreamFiles.FramesAsync(_folder.File("audio.mp4"), "a", "-copyts -c copy"));
    }

    private async Task AssertHeadersAsync(Uri talk, string segment)
    {
        using var index = await _http.GetAsync($"{talk}/hls/index.m3u8", TestEnd);
        Assert.Equal("application/vnd.apple.mpegurl", index.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-cache, private", index.Headers.CacheControl!.ToString());
        using var again = new HttpRequestMessage(HttpMethod.Get, $"{talk}/hls/index.m3u8") { Headers = { IfNoneMatch = { index.Headers.ETag! } } };
        using var unchanged = await _http.SendAsync(again, TestEnd);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        using var range = new HttpRequestMessage(HttpMethod.Get, $"{talk}/hls/{segment}") { Headers = { Range = new RangeHeaderValue(4, 7) } };
        using var part = await _http.SendAsync(range, TestEnd);
        Assert.Equal((HttpStatusCode.PartialContent, "moof"), (part.StatusCode, await part.Content.ReadAsStringAsync(TestEnd)));
        Assert.Equal("video/iso.segment", part.Content.Headers.ContentType!.ToString());
        Assert.Contains("immutable", part.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal($"\"{segment[..64]}\"", part.Headers.ETag!.Tag);
        foreach (var other in (string[])["stream.json", "..%2Frequest.json", "segments%2F00-0000.json", $"{new string('0', 64)}.m4s"])
        {
            using var refused = await _http.GetAsync($"{talk}/hls/{other}", TestEnd);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }
    }

    /// <summary>The same talk, made without a kill: names of segments are their contents' hashes.</summary>
    private async Task AssertSameAgainAsync(TalkServer server, Uri talk)
    {
        var other = await PostAsync(server, "true");
        await server.EndOfAsync(other);
        foreach (var name in (string[])["index.m3u8", "video.m3u8", "audio.m3u8"])
        {
            Assert.Equal(await TextAsync(talk, name), await TextAsync(other, name));
        }
    }

    private async Task<Uri> PostAsync(TalkServer server, string stream, string? seconds = null)
    {
        using var accepted = await server.PostAsync(256, _folder.File("speech.wav"), null, ("stream", stream), ("audio_end", seconds ?? ""));
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        return accepted.Headers.Location!;
    }

    private async Task<string[]> SegmentsAsync(Uri talk)
    {
        using var answer = await _http.GetAsync($"{talk}/hls/video.m3u8", TestEnd);
        return answer.StatusCode == HttpStatusCode.NotFound ? [] : StreamFiles.Names(await answer.Content.ReadAsStringAsync(TestEnd));
    }

    private Task<string> TextAsync(Uri talk, string name) => _http.GetStringAsync($"{talk}/hls/{name}", TestEnd);
}
