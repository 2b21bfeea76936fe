namespace WanTalk.Bench.Talks;

/// <summary>A speech of half an hour through the whole system, small: whether time, memory or disk grow with the talk.</summary>
internal static class LongTalkBenchmark
{
    private const double SpeechSeconds = 1800;
    private const int Windows = 625;
    private const int Part = 100;

    /// <summary>Windows after which heaps have the size that they keep: the collector lets garbage lie up to a budget of its own.</summary>
    private const int Warm = 300;
    private const string Before = "before sampling";
    private const string First = "the first windows";
    private const string Second = "windows until heaps are warm";
    private const string Later = "the later windows";
    private const string Behind = "behind sampling";

    /// <summary>Runs the talk and prints ratios of its last windows to its first, and what programs and folders held at most.</summary>
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("wantalk-bench-").FullName;
        try
        {
            var home = TalkRun.HomeIn(folder);
            var watch = new HomeWatch(home, () => PhaseOf(home));
            using var enough = new CancellationTokenSource();
            var watching = watch.RunAsync(enough.Token);
            TalkRun run;
            try
            {
                var speech = await TalkRun.SpeakAsync(folder, SpeechSeconds, cancellationToken);
                run = await TalkRun.StartAsync(folder, speech, ["--width", "128", "--height", "128"], cancellationToken);
            }
            finally
            {
                await enough.CancelAsync();
                await watching;
            }

            Print(run, watch);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Print(TalkRun run, HomeWatch watch)
    {
        var (first, last) = (SecondsAWindow(run, 0), SecondsAWindow(run, run.Windows - Part));
        Console.WriteLine($"windows: {run.Windows} windows of 128x128 for {SpeechSeconds:0} s of speech in {run.WallSeconds:0} s");
        Console.WriteLine($"  a window: {first:0.000} s among the first {Part}, {last:0.000} s among the last: ratio {last / first:0.00}");
        foreach (var program in watch.Programs)
        {
            Console.WriteLine(
                $"  memory of {program,-18}: {Mega(watch, First, program)} up to window {Part}, {Mega(watch, Second, program)} up to {Warm}, " +
                $"{Mega(watch, Later, program)} up to {Windows}: ratio {(double)watch.MostOf(Later, program) / watch.MostOf(Second, program):0.00}");
        }

        foreach (var folder in (string[])["scratch", "engine"])
        {
            Console.WriteLine(
                $"  disk, {folder,-7}: {Mega(watch, First, folder)} up to window {Part}, {Mega(watch, Second, folder)} up to {Warm}, " +
                $"{Mega(watch, Later, folder)} up to {Windows}; {Mega(watch, Before, folder)} {Before}, {Mega(watch, Behind, folder)} {Behind}");
        }
    }

    private static string Mega(HomeWatch watch, string phase, string what) => $"{watch.MostOf(phase, what) / 1e6:0.0} MB";

    private static string PhaseOf(string home)
    {
        var talks = Path.Combine(home, "artifacts", "talks");
        var talk = Directory.Exists(talks) ? Directory.EnumerateDirectories(talks).FirstOrDefault() : null;
        if (talk is null || !File.Exists(Path.Combine(talk, "conditioning", "conditioning.json")))
            return Before;
        var take = Path.Combine(talk, "take-00");
        return !File.Exists(RecordOf(take, Part - 1)) ? First
            : !File.Exists(RecordOf(take, Warm - 1)) ? Second
            : !File.Exists(RecordOf(take, Windows - 1)) ? Later : Behind;
    }

    /// <summary>From the commit of one window to that of another, for each between them.</summary>
    private static double SecondsAWindow(TalkRun run, int from) =>
        (CommittedAt(run, from + Part - 1) - CommittedAt(run, from)).TotalSeconds / (Part - 1);

    private static DateTime CommittedAt(TalkRun run, int window) => File.GetLastWriteTimeUtc(RecordOf(run.Take, window));

    private static string RecordOf(string take, int window) => Path.Combine(take, $"{window:0000}.json");
}
