using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace WanTalk.GpuRunner.Processes;

/// <summary>
/// Finds the processes of a guarded program by the mark in their environment, which they hand on to all that they start: neither a new
/// session nor a parent's death hides a process that way.
/// </summary>
internal static class MarkedProcesses
{
    private const int Rounds = 250;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The ids of the processes with a mark.</summary>
    public static IReadOnlyList<int> Find(string mark)
    {
        var entry = Encoding.UTF8.GetBytes($"{Guard.Variable}={mark}");
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && id != Environment.ProcessId && Carries(folder, entry))
            {
                found.Add(id);
            }
        }

        return found;
    }

    /// <summary>Kills the processes with a mark, until there is none: one that is being forked is found in the next round.</summary>
    /// <returns>True when none is left; false when some cannot be killed, being stuck in the kernel.</returns>
    public static async Task<bool> KillAsync(string mark, CancellationToken cancellationToken)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var found = Find(mark);
            if (found.Count == 0)
            {
                return true;
            }

            foreach (var id in found)
            {
                Kill(id);
            }

            await Task.Delay(Pause, cancellationToken);
        }

        return false;
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It ended between the look and the kill.
        }
    }

    private static bool Carries(string folder, byte[] entry)
    {
        try
        {
            ReadOnlySpan<byte> environment = File.ReadAllBytes(Path.Combine(folder, "environ"));
            foreach (var part in environment.Split((byte)0))
            {
                if (environment[part].SequenceEqual(entry))
                {
                    return true;
                }
            }
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or another user's.
        }

        return false;
    }
}
