using System.Diagnostics;
using System.Globalization;
using WanTalk.Faults.Plans;

namespace WanTalk.Faults.Runs;

/// <summary>The speeches of all scripts, cut from the sample.</summary>
internal static class Speeches
{
    /// <summary>Makes them in a folder.</summary>
    /// <returns>The file of each script.</returns>
    public static async Task<IReadOnlyDictionary<Script, string>> MakeAsync(string folder, CancellationToken cancellationToken)
    {
        var made = new Dictionary<Script, string>();
        foreach (var script in Script.All)
        {
            made[script] = Path.Combine(folder, $"{script.Name}.wav");
            var length = script.SpeechSeconds.ToString(CultureInfo.InvariantCulture);
            using var ffmpeg = Process.Start("ffmpeg", ["-nostdin", "-v", "error", "-y", "-i", Repository.Speech, "-t", length, made[script]]);
            await ffmpeg.WaitForExitAsync(cancellationToken);
            if (ffmpeg.ExitCode != 0)
            {
                throw new InvalidOperationException($"ffmpeg could not make {made[script]}.");
            }
        }

        return made;
    }
}
