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
            using var ffmpeg = Process.Start(
                "ffmpeg", ["-nostdin", "-v", "error", "-y", "-i", Repository.Speech, .. Cut(script), made[script]]);
            await ffmpeg.WaitForExitAsync(cancellationToken);
            if (ffmpeg.ExitCode != 0)
            {
                throw new InvalidOperationException($"ffmpeg could not make {made[script]}.");
            }
        }

        return made;
    }

    private static IEnumerable<string> Cut(Script script)
    {
        if (script.TakeSeconds is not { } take)
        {
            return ["-t", script.SpeechSeconds.ToString(CultureInfo.InvariantCulture)];
        }

        var pause = script.SpeechSeconds - (2 * take);
        return
        [
            "-filter_complex", string.Create(CultureInfo.InvariantCulture,
                $"asplit[x][y];[x]atrim=0:{take},apad=pad_dur={pause}[a];[y]atrim={take}:{2 * take},asetpts=N/SR/TB[b];[a][b]concat=n=2:v=0:a=1"),
        ];
    }
}
