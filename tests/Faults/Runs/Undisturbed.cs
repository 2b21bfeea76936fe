using WanTalk.Faults.Houses;
using WanTalk.Faults.Plans;
using WanTalk.Faults.Watching;

namespace WanTalk.Faults.Runs;

/// <summary>What each script comes to when nothing goes wrong.</summary>
internal static class Undisturbed
{
    /// <summary>Makes each script's talk once, in a house of its own.</summary>
    /// <returns>The SHA-256 of each video.</returns>
    public static async Task<IReadOnlyDictionary<Script, string>> MakeAsync(
        string root, IReadOnlyDictionary<Script, string> speeches, RunLog log, CancellationToken cancellationToken)
    {
        await using var house = await RunningHouse.StartAsync(House.Folder, Path.Combine(root, "undisturbed"), log, cancellationToken);
        var api = new TalkApi(house, speeches);
        var made = await Task.WhenAll(Script.All.Select(script => MakeAsync(api, script, cancellationToken)));
        await house.StopAsync();
        return made.ToDictionary();
    }

    private static async Task<KeyValuePair<Script, string>> MakeAsync(TalkApi api, Script script, CancellationToken cancellationToken)
    {
        var (id, refusal) = await api.SubmitAsync(script, $"undisturbed-{script.Name}", cancellationToken);
        while (id is not null)
        {
            var (sight, _) = await api.LookAsync(id, cancellationToken);
            if (sight?.Status == "completed" && (await api.DownloadAsync(id, cancellationToken)).Sha256 is { } sha256)
            {
                return KeyValuePair.Create(script, sha256);
            }

            refusal = sight is { HasEnded: true } ? sight.Json : null;
            id = sight is { HasEnded: true } ? null : id;
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }

        throw new InvalidOperationException($"Undisturbed, the talk '{script.Name}' did not come to its video: {refusal}");
    }
}
