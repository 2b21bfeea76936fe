using System.Globalization;
using CsCheck;
using WanTalk.Core.Plans;
using WanTalk.Core.Streaming;
using WanTalk.Core.Takes;
using WanTalk.Core.Talks;
using WanTalk.Core.Windows;

namespace WanTalk.Core.Tests.Streaming;

/// <summary>What players are told while windows are committed, take by take and in any order of takes.</summary>
public class StreamPlaylistsSpecs
{
    private static readonly Gen<(TalkPlan Plan, int[] Luck)> Talks = Gen.Select(
        Gen.Long[1, 90L * WindowArithmetic.SpeechSampleRate], Gen.Double[TakeLimits.MinSeconds, 30], Gen.Int[0, 1_000_000].Array[1, 40])
        .Select((samples, wished, luck) => (TalkPlanner.PlanTakes(samples, FrameSize.Default, Silences(samples), wished), luck));

    [Fact]
    public void Playlists_grow_at_their_end_only_in_the_order_of_showing_and_add_up_to_the_video() => Talks.Sample((plan, luck) =>
    {
        var (order, committed, states) = (new PlayOrder(plan), new HashSet<int>(), new List<StreamSnapshot>());
        foreach (var place in CommitsOf(plan, order, luck))
        {
            committed.Add(place);
            var state = states.LastOrDefault();
            while ((state?.Count ?? 0) < order.Count && committed.Contains(state?.Count ?? 0))
            {
                state = StreamSnapshot.Append(state, SegmentAt(order, state?.Count ?? 0), order.Frames(state?.Count ?? 0));
            }

            if (state is not null && state.Count > (states.LastOrDefault()?.Count ?? 0))
            {
                AssertGrew(plan, states.LastOrDefault(), state);
                Assert.DoesNotContain(Lines(plan, state, StreamPlaylists.Video), line => line.StartsWith("video-", StringComparison.Ordinal)
                    && !committed.Contains(int.Parse(line[6..^4], CultureInfo.InvariantCulture)));
                states.Add(state);
            }
        }

        Assert.Equal(order.Count, states[^1].Count);
        AssertWhole(plan, order, states[^1]);
    }, iter: 300);

    [Fact]
    public void A_window_is_found_at_its_place_and_at_its_frames() => Talks.Sample((plan, _) =>
    {
        var (order, place) = (new PlayOrder(plan), 0);
        foreach (var take in plan.Takes)
        {
            var windows = WindowPlan.ForFrames(take.VisibleFrames);
            for (var window = 0; window < take.Windows; window++, place++)
            {
                Assert.Equal(((take.Index, window), place), (order.At(place), order.PlaceOf(take.Index, window)));
                Assert.Equal(take.FirstFrame + windows.FirstFrame(window) + windows.Skip(window), order.FramesBefore(place));
                Assert.Equal(windows.Keep(window), order.Frames(place));
            }
        }

        Assert.Equal(order.Count, place);
    }, iter: 200);

    [Fact]
    public void The_bit_rate_that_is_told_is_that_of_the_busiest_segment_so_far()
    {
        var plan = TalkPlanner.Plan(153 * WindowArithmetic.SpeechSamplesPerFrame, new FrameSize(832, 480));
        var first = StreamSnapshot.Append(null, SegmentOf(0, 1, 81_000), 81);
        var index = Lines(plan, first, StreamPlaylists.Index);
        Assert.Equal(
            "#EXT-X-STREAM-INF:BANDWIDTH=200000,AVERAGE-BANDWIDTH=200000,CODECS=\"avc1.64001e,mp4a.40.2\",RESOLUTION=832x480,FRAME-RATE=25.000,AUDIO=\"speech\"",
            index[^2]);
        Assert.Equal(StreamPlaylists.Video, index[^1]);
        var second = StreamSnapshot.Append(first, SegmentOf(1, 1, 36_000), 72);
        Assert.Contains("BANDWIDTH=200000,AVERAGE-BANDWIDTH=152942,", Lines(plan, second, StreamPlaylists.Index)[^2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("other.m3u8")]
    [InlineData("INDEX.M3U8")]
    public void There_are_no_other_playlists(string name) => Assert.Null(StreamPlaylists.Text(
        name, TalkPlanner.Plan(1920, FrameSize.Default), StreamSnapshot.Append(null, SegmentOf(0, 1, 1), 1)));

    /// <summary>Each take's windows in their order; whose turn it is, is luck.</summary>
    private static IEnumerable<int> CommitsOf(TalkPlan plan, PlayOrder order, int[] luck)
    {
        var next = plan.Takes.ToDictionary(take => take.Index, _ => 0);
        for (var turn = 0; next.Count > 0; turn++)
        {
            var take = next.Keys.ElementAt(luck[turn % luck.Length] % next.Count);
            yield return order.PlaceOf(take, next[take]);
            if (++next[take] == plan.Takes[take].Windows)
            {
                next.Remove(take);
            }
        }
    }

    private static void AssertGrew(TalkPlan plan, StreamSnapshot? before, StreamSnapshot now)
    {
        foreach (var name in (string[])[StreamPlaylists.Video, StreamPlaylists.Audio])
        {
            var lines = Lines(plan, now, name);
            Assert.Equal(now.Count, lines.Count(line => line.StartsWith("#EXTINF:", StringComparison.Ordinal)));
            Assert.Equal(now.Count == plan.Keep.Count ? "#EXT-X-PLAYLIST-TYPE:VOD" : "#EXT-X-PLAYLIST-TYPE:EVENT", lines[3]);
            if (before is not null)
            {
                var had = Lines(plan, before, name).Where((_, at) => at != 3).ToList();
                Assert.Equal(had, lines.Where((_, at) => at != 3).Take(had.Count));
            }
        }
    }

    private static void AssertWhole(TalkPlan plan, PlayOrder order, StreamSnapshot state)
    {
        var video = Lines(plan, state, StreamPlaylists.Video);
        var audio = Lines(plan, state, StreamPlaylists.Audio);
        Assert.Equal(("#EXT-X-ENDLIST", "#EXT-X-ENDLIST"), (video[^1], audio[^1]));
        Assert.Equal(Enumerable.Range(0, order.Count).Select(place => $"video-{place}.m4s"), video.Where(line => line[0] != '#'));
        Assert.Equal(Enumerable.Range(0, order.Count).Select(place => $"audio-{place}.m4s"), audio.Where(line => line[0] != '#'));
        Assert.Equal(plan.VisibleFrames / 25m, Durations(video).Sum());
        Assert.Equal(plan.VisibleFrames / 25m, Durations(audio).Sum());
        Assert.All(Durations(video).Concat(Durations(audio)), seconds =>
            Assert.True(Math.Round(seconds, MidpointRounding.AwayFromZero) <= order.TargetSeconds, $"{seconds} s"));
    }

    private static IEnumerable<decimal> Durations(IEnumerable<string> lines) => lines
        .Where(line => line.StartsWith("#EXTINF:", StringComparison.Ordinal))
        .Select(line => decimal.Parse(line[8..^1], CultureInfo.InvariantCulture));

    private static string[] Lines(TalkPlan plan, StreamSnapshot state, string name)
    {
        var text = StreamPlaylists.Text(name, plan, state)!;
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.StartsWith("#EXTM3U\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n\n", text, StringComparison.Ordinal);
        return text.TrimEnd('\n').Split('\n');
    }

    private static StreamSegment SegmentAt(PlayOrder order, int place) => SegmentOf(place, order.Frames(place) * 1920, 1000 + place);

    private static StreamSegment SegmentOf(int place, int samples, long bytes) => new($"video-{place}.m4s", $"audio-{place}.m4s", samples, bytes)
    {
        VideoHeader = "video.mp4",
        AudioHeader = "audio.mp4",
        Codecs = "avc1.64001e,mp4a.40.2",
    };

    private static Silence[] Silences(long samples) =>
        [.. Enumerable.Range(1, (int)(samples / 120_000)).Select(at => new Silence(at * 120_000L, Silence.MinSamples))];
}
