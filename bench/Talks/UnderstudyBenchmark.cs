using WanTalk.Bench.Reports;

namespace WanTalk.Bench.Talks;

/// <summary>How fast the understudy is against real time: what a person without a GPU waits for.</summary>
internal static class UnderstudyBenchmark
{
    /// <summary>What is measured.</summary>
    public const string About = "seconds of video that the understudy samples in a second, the sample speech three times over, at the sizes that people ask for";

    private const double SpeechSeconds = 26;
    private static readonly int[] Sides = [256, 512, 640];

    /// <summary>Tells the speed at each size.</summary>
    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("wantalk-bench-").FullName;
        try
        {
            var speech = await TalkRun.SpeakAsync(folder, SpeechSeconds, cancellationToken);
            foreach (var side in Sides)
            {
                var run = await TalkRun.StartAsync(
                    folder, speech, ["--width", $"{side}", "--height", $"{side}"], cloud: null, cancellationToken);
                report.Tell($"{side}x{side}: video sampled in a second", run.VideoSeconds / run.SamplingSeconds, "s/s");
                report.Tell($"{side}x{side}: video made in a second, all stages", run.VideoSeconds / run.WallSeconds, "s/s");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
