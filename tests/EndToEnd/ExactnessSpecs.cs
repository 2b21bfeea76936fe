using System.Net;
using WanTalk.EndToEnd.Support;

namespace WanTalk.EndToEnd;

/// <summary>
/// Talks of any length through the whole system: exactly the frames that the speech has, and all of its sound. (Two hundred lengths, with
/// frames that carry numbers, are in the specifications of the room where videos are assembled.)
/// </summary>
public sealed class ExactnessSpecs : IDisposable
{
    private const int Talks = 12;
    private const int Seed = 20261202;
    private const int Rate = 48_000;
    private const int AacFrame = 1024;
    private const double Shortest = 0.2;
    private const double Longest = 12;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Twelve_talks_of_random_lengths_side_by_side_come_to_exactly_their_frames_and_their_sound()
    {
        // As many short ones as long ones: most boundaries lie among the first windows.
        var random = new Random(Seed);
        var lengths = Enumerable.Range(0, Talks).Select(_ => (long)(Rate * Shortest * Math.Pow(Longest / Shortest, random.NextDouble()))).ToList();
        await using var server = await TalkServer.StartAsync(_folder);
        var talks = new List<(long Samples, Uri Talk)>();
        foreach (var samples in lengths)
        {
            await MediaFile.MakeAsync($"-ss 1 -stream_loop 1 -i \"{Repository.Speech}\" -af aresample={Rate},atrim=end_sample={samples} {_folder.File("speech.wav")}");
            using var accepted = await server.PostAsync(128, _folder.File("speech.wav"));
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            talks.Add((samples, accepted.Headers.Location!));
        }

        foreach (var (samples, talk) in talks)
        {
            await server.DownloadAsync(await server.EndOfAsync(talk), _folder.File("talk.mp4"));
            await AssertExactAsync(samples);
        }
    }

    private async Task AssertExactAsync(long samples)
    {
        var made = await MediaFile.ProbeAsync(_folder.File("talk.mp4"));
        var frames = (samples + 1919) / 1920;
        Assert.True(made.Video!.Packets == frames, $"{samples} samples have {frames} frames, and not {made.Video.Packets}");
        Assert.Equal(0, made.Video.StartSeconds!.Value, 0.0005);
        Assert.Equal(frames / 25.0, made.Video.DurationSeconds!.Value, 0.0005);
        Assert.Equal(0, made.Audio!.StartSeconds!.Value, 0.0005);
        var heard = (await MediaFile.DecodeAsync(_folder.File("talk.mp4"), Rate)).Length;
        Assert.True(heard - samples is >= 0 and < AacFrame, $"{samples} samples became {heard}");
    }
}
