using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>A file of the pack, as ui outputs and window messages name it.</summary>
internal sealed record StoredFile(string Name, string Filename, string Subfolder, string Sha256, long Bytes, int? Window = null)
{
    /// <summary>
    /// Writes a file under another name, flushes it to the disk and only then gives it its own, so that a file that is there is whole.
    /// </summary>
    public static async Task<StoredFile> WriteAsync(
        string name, string folder, string subfolder, string filename, int? window, Func<Stream, Task> write)
    {
        var path = Path.Combine(folder, filename);
        var partial = path + ".tmp";
        try
        {
            await using (var stream = new FileStream(partial, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 64 << 10))
            {
                await write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
        return await OfAsync(name, path, subfolder, window);
    }

    /// <summary>Describes a file that is there.</summary>
    public static async Task<StoredFile> OfAsync(string name, string path, string subfolder, int? window) =>
        new(name, Path.GetFileName(path), subfolder, await DigestAsync(path), new FileInfo(path).Length, window);

    public static async Task<string> DigestAsync(string path)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["name"] = Name,
            ["filename"] = Filename,
            ["subfolder"] = Subfolder,
            ["type"] = "output",
            ["sha256"] = Sha256,
            ["bytes"] = Bytes,
        };
        if (Window is { } window)
            json["window"] = window;
        return json;
    }

    public static JsonObject Ui(IEnumerable<StoredFile> files) =>
        new() { ["wantalk"] = new JsonArray([.. files.Select(file => (JsonNode)file.ToJson())]) };
}
