using System.Globalization;

namespace WanTalk.Bench.Talks;

/// <summary>Looks now and then at the processes and folders of a home, and keeps the most that was seen in each phase of a talk.</summary>
/// <param name="home">The home's folder.</param>
/// <param name="phaseNow">Tells the phase.</param>
internal sealed class HomeWatch(string home, Func<string> phaseNow)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly Dictionary<(string Phase, string What), long> _most = [];

    /// <summary>The programs whose processes were seen.</summary>
    public IEnumerable<string> Programs => _most.Keys.Select(key => key.What).Where(what => what.StartsWith("WanTalk.", StringComparison.Ordinal)).Distinct();

    /// <summary>The most bytes that a program had in memory, or a folder of the home held, up to the end of a phase or in it.</summary>
    public long MostOf(string phase, string what) => _most.GetValueOrDefault((phase, what));

    /// <summary>Looks until it is enough.</summary>
    public async Task RunAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            var phase = phaseNow();
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => Path.GetFileName(folder).All(char.IsAsciiDigit)))
                LookAt(process, phase);
            foreach (var folder in (string[])["scratch", "engine"])
                Keep(phase, folder, SizeOf(Path.Combine(home, folder)));
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private void LookAt(string process, string phase)
    {
        try
        {
            if (File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0') is [_, var program, ..] line
                && program.EndsWith(".dll", StringComparison.Ordinal) && line.Any(word => word.StartsWith(home, StringComparison.Ordinal))
                && File.ReadLines(Path.Combine(process, "status")).FirstOrDefault(entry => entry.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } peak)
            {
                Keep(phase, Path.GetFileNameWithoutExtension(program), 1024 * long.Parse(peak["VmHWM:".Length..^"kB".Length], CultureInfo.InvariantCulture));
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended while it was looked at, or is another user's.
        }
    }

    private static long SizeOf(string folder)
    {
        if (!Directory.Exists(folder))
            return 0;
        var sum = 0L;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true }))
        {
            try
            {
                sum += file.Length;
            }
            catch (FileNotFoundException)
            {
                // It was deleted since the folder was read.
            }
        }

        return sum;
    }

    private void Keep(string phase, string what, long value) => _most[(phase, what)] = Math.Max(value, _most.GetValueOrDefault((phase, what)));
}
