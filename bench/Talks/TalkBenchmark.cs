using WanTalk.Bench.Reports;

namespace WanTalk.Bench.Talks;

/// <summary>
/// What a talk costs on this machine: seconds of work for a second of video, and what of it is not the engine's. The first talk of a
/// fresh home and a second one in the same home.
/// </summary>
internal static class TalkBenchmark
{
    /// <summary>What is measured.</summary>
    public const string About = "the sample, 8.92 s at 640x640, as a person runs it: the first talk of a home and the second";

    /// <summary>Runs the sample talk twice and tells where its time went.</summary>
    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("wantalk-bench-").FullName;
        try
        {
            foreach (var which in (string[])["first", "second"])
            {
                var run = await TalkRun.StartAsync(folder, Path.Combine(TalkRun.Samples, "speech.wav"), [], cloud: null, cancellationToken);
                report.Tell($"{which}: work a second of video", run.WallSeconds / run.VideoSeconds, "s/s");
                report.Tell($"{which}: share of the engine", run.EngineSeconds / run.WallSeconds, "ratio");
                report.Tell($"{which}: share of the runner beside the engine", (run.RunnerSeconds - run.EngineSeconds) / run.WallSeconds, "ratio");
                report.Tell($"{which}: share of the orchestration", (run.StageSeconds - run.RunnerSeconds) / run.WallSeconds, "ratio");
                report.Tell($"{which}: share of starting, ending and delivery", (run.WallSeconds - run.StageSeconds) / run.WallSeconds, "ratio");
                report.Tell($"{which}: all that is not engine time, a window", (run.WallSeconds - run.EngineSeconds) / run.Windows, "s");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
