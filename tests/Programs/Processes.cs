using System.Diagnostics;

namespace WanTalk.Programs;

/// <summary>Finds the processes of a home: each of them has the home's path on its command line.</summary>
internal static class Processes
{
    /// <summary>The processes of a home: id, and the room that it belongs to.</summary>
    public static IReadOnlyList<(int Id, string Room)> Of(string home)
    {
        var found = new List<(int, string)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && id != Environment.ProcessId && CommandLineOf(folder) is { } line
                && line.Contains(home, StringComparison.Ordinal))
            {
                found.Add((id, RoomOf(line)));
            }
        }

        return found;
    }

    /// <summary>kill -9 of a room's process; false when there is none.</summary>
    public static bool Kill(string home, string room)
    {
        var victims = Of(home).Where(process => process.Room == room).ToList();
        foreach (var (id, _) in victims)
        {
            try
            {
                Process.GetProcessById(id).Kill();
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
            {
                // It ended between the look and the kill.
            }
        }

        return victims.Count > 0;
    }

    /// <summary>
    /// Waits until a home has no process any more, but for some; those that stay are orphans. A runner may take 18 s to stop
    /// (RunnerLife.StopTime), and more on a machine that has other things to do.
    /// </summary>
    public static async Task WaitUntilGoneAsync(string home, IReadOnlyCollection<int>? butFor = null)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Of(home).ExceptBy(butFor ?? [], process => process.Id).ToList() is { Count: > 0 } left)
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(1), $"Orphans: {string.Join(", ", left)}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    private static string? CommandLineOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The program comes first; the runner's command line names the understudy behind its own name.</summary>
    private static string RoomOf(string commandLine) => commandLine.Split('\0') switch
    {
        [_, var assembly, ..] when assembly.EndsWith("WanTalk.Local.dll", StringComparison.Ordinal) => "Local",
        [_, var assembly, ..] when assembly.EndsWith("WanTalk.GpuRunner.dll", StringComparison.Ordinal) => "GpuRunner",
        [_, var assembly, ..] when assembly.EndsWith("WanTalk.Understudy.dll", StringComparison.Ordinal) => "Understudy",
        [var program, ..] => Path.GetFileName(program),
        _ => "",
    };
}
