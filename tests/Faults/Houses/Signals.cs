using System.Diagnostics;

namespace WanTalk.Faults.Houses;

/// <summary>Signals to processes by their ids.</summary>
internal static class Signals
{
    /// <summary>Sends a signal.</summary>
    /// <param name="name">Its name, without SIG.</param>
    /// <param name="ids">The processes.</param>
    /// <returns>False when there is none of them.</returns>
    public static bool Send(string name, params IReadOnlyList<int> ids)
    {
        var met = false;
        foreach (var id in ids)
        {
            using var kill = Process.Start(new ProcessStartInfo("kill", ["-s", name, $"{id}"]) { RedirectStandardError = true })!;
            kill.WaitForExit();
            met |= kill.ExitCode == 0;
        }

        return met;
    }
}
