namespace WanTalk.Bench.Talks;

/// <summary>
/// What a talk costs on this machine: seconds of work for a second of video, and what of it is not the engine's. The first talk of a
/// fresh home and a second one in the same home.
/// </summary>
internal static class TalkBenchmark
{
    /// <summary>Runs the sample talk twice and prints a line for each share.</summary>
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("wantalk-bench-").FullName;
        try
        {
            foreach (var which in (string[])["first", "second"])
            {
                var run = await TalkRun.StartAsync(folder, Path.Combine(TalkRun.Samples, "speech.wav"), [], cancellationToken);
                Print(which, run);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Print(string which, TalkRun run)
    {
        Console.WriteLine($"talk, {which}: {run.WallSeconds:0.00} s for {run.VideoSeconds:0.00} s of video in {run.Windows} windows");
        Line("work a second of video", $"{run.WallSeconds / run.VideoSeconds:0.00} s/s");
        Line("engine", Share(run, run.EngineSeconds));
        Line("runner beside the engine (media, encoding, storing)", Share(run, run.RunnerSeconds - run.EngineSeconds));
        Line("orchestration (handing over, waiting, looking)", Share(run, run.StageSeconds - run.RunnerSeconds));
        Line("starting and ending the processes, delivery", Share(run, run.WallSeconds - run.StageSeconds));
        Line("overhead a window (all that is not engine time)", $"{(run.WallSeconds - run.EngineSeconds) / run.Windows:0.00} s");
        Line("orchestration a window", $"{1000 * (run.StageSeconds - run.RunnerSeconds) / run.Windows:0} ms");
    }

    private static string Share(TalkRun run, double seconds) => $"{seconds,6:0.00} s  {seconds / run.WallSeconds,7:P1}";

    private static void Line(string what, string figure) => Console.WriteLine($"  {what,-54}{figure}");
}
