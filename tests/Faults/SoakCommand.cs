using System.Globalization;
using System.Runtime.InteropServices;
using WanTalk.Faults.Plans;
using WanTalk.Faults.Runs;

namespace WanTalk.Faults;

/// <summary><c>wantalk soak</c>: talks under faults for as long as somebody wants to look.</summary>
internal static class SoakCommand
{
    private const string Usage = "usage: wantalk soak [--minutes N] [--seed S] [--out DIR] [--plan]";

    /// <summary>
    /// Runs a soak: <c>--minutes</c> of faults (default 20, 0.1 to 1440), from <c>--seed</c> (default 1), into <c>--out</c> (default a new folder
    /// in the temporary one); <c>--plan</c> prints what would be done, and does nothing.
    /// </summary>
    /// <returns>0 when nothing was violated, 1 when something was, 2 when the arguments are wrong.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (Read(arguments) is not { } options)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        var plan = Planner.Plan(options.Seed, TimeSpan.FromMinutes(options.Minutes));
        if (options.OnlyPlan)
        {
            await Console.Out.WriteAsync(plan.Describe());
            return 0;
        }

        using var end = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, end));
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, end));
        var folder = options.Out is { } given ? Directory.CreateDirectory(given).FullName : Directory.CreateTempSubdirectory("wantalk-soak-").FullName;
        Console.WriteLine(
            $"soak with seed {plan.Seed}: {plan.Faults.Count} faults and {plan.Talks.Count} talks in {options.Minutes} minutes; all of it is in {folder}");
        try
        {
            var report = await SoakRun.RunAsync(plan, folder, Console.WriteLine, end.Token);
            await File.WriteAllTextAsync(Path.Combine(folder, "report.json"), report.ToJson(), CancellationToken.None);
            Console.WriteLine(report.Describe());
            if (report.Violations.Count > 0)
            {
                Console.WriteLine($"Failed with seed {plan.Seed}. Look at {folder}/run.log around the talk that a violation names, "
                    + "and at the programs' logs beside it.");
                return 1;
            }

            return 0;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            Console.WriteLine("Ended before its time; nothing was judged.");
            return 130;
        }
    }

    private static void Stop(PosixSignalContext signal, CancellationTokenSource end)
    {
        signal.Cancel = true;
        end.Cancel();
    }

    private static Options? Read(IReadOnlyList<string> arguments)
    {
        var options = new Options();
        for (var at = 0; at < arguments.Count; at++)
        {
            var value = at + 1 < arguments.Count ? arguments[at + 1] : "";
            switch (arguments[at])
            {
                case "--minutes" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var minutes)
                    && minutes is >= 0.1 and <= 1440:
                    (options, at) = (options with { Minutes = minutes }, at + 1);
                    break;
                case "--seed" when int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed):
                    (options, at) = (options with { Seed = seed }, at + 1);
                    break;
                case "--out" when value.Length > 0:
                    (options, at) = (options with { Out = value }, at + 1);
                    break;
                case "--plan":
                    options = options with { OnlyPlan = true };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }

    private sealed record Options(double Minutes = 20, int Seed = 1, string? Out = null, bool OnlyPlan = false);
}
