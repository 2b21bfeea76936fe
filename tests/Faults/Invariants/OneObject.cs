using System.Security.Cryptography;
using WanTalk.Faults.Watching;

namespace WanTalk.Faults.Invariants;

/// <summary>A completed talk has one published object, whole, under the key that names its hash; no other talk has more.</summary>
internal static class OneObject
{
    /// <summary>Looks into the folder that videos are published to.</summary>
    public static void Check(TalkHistory talk, string published, Violations violations)
    {
        var folder = Path.Combine(published, talk.Id!);
        string[] found = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)] : [];
        var isCompleted = talk.Last?.Status == "completed";
        if (found.Length > 1 || (isCompleted && found.Length == 0))
        {
            violations.Add("one object", talk, $"is {talk.Last?.Status} and has {found.Length} published objects: {string.Join(", ", found)}");
        }

        foreach (var file in found)
        {
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
            if (Path.GetFileName(file) != $"{sha256}.mp4" || (isCompleted && sha256 != talk.Sha256))
            {
                violations.Add("one object", talk, $"has a published object {file} with the SHA-256 {sha256}; its video has {talk.Sha256}");
            }
        }
    }
}
