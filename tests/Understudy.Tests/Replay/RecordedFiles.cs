using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Tests.Replay;

/// <summary>
/// Files of the recordings. A recorded upload tells only the digest of a file, but where the file was looked at again its bytes are there.
/// What is known of no file is made up.
/// </summary>
public static class RecordedFiles
{
    /// <summary>The digest of the picture that most recorded graphs load.</summary>
    public const string Probe = "390462f118518172";

    private static readonly Lazy<Dictionary<string, byte[]>> Known = new(Collect);

    /// <summary>The bytes of a file by the beginning of its digest; null if they are not known.</summary>
    public static byte[]? Find(string digest) => Known.Value.GetValueOrDefault(digest);

    /// <summary>Whether these bytes are those of a file that was uploaded as it was.</summary>
    public static bool IsKnown(byte[] bytes) => Known.Value.ContainsKey(DigestOf(bytes));

    /// <summary>
    /// The bytes of an uploaded file: those of the recording, or others that are as long (a picture or a WAV where one is needed).
    /// </summary>
    public static byte[] ForUpload(string filename, string digest, int length)
    {
        if (Find(digest) is { } known)
            return known;
        if (RecordedBodies.FileNamed(filename) is { } made)
            return made;
        var bytes = new byte[length];
        new Random(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(digest)))).NextBytes(bytes);
        if (filename.EndsWith(".wav", StringComparison.Ordinal))
            "RIFF"u8.CopyTo(bytes);
        return bytes;
    }

    private static string DigestOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..Probe.Length];

    private static Dictionary<string, byte[]> Collect()
    {
        var uploads = new HashSet<string>();
        var bodies = new Dictionary<string, byte[]>();
        foreach (var path in Directory.EnumerateFiles(Recording.Folder))
        {
            var entries = JsonNode.Parse(File.ReadAllText(path)) as JsonArray ?? [];
            foreach (var entry in entries)
            {
                foreach (var part in entry!["multipart"]?.AsArray() ?? [])
                    uploads.Add((string?)part!["sha256"] ?? "");
                var body = (string?)entry["body_base64"] is { } coded
                    ? Convert.FromBase64String(coded)
                    : Encoding.UTF8.GetBytes((string?)entry["body"] ?? "");
                bodies[DigestOf(body)] = body;
            }
        }
        return bodies.Where(body => uploads.Contains(body.Key)).ToDictionary();
    }
}
