using System.Text.Json.Nodes;
using WanTalk.ComfyUI.Http;

namespace WanTalk.ComfyUI.Messages;

/// <summary>Reads the file lists of our node pack, in ui outputs and in the window message.</summary>
internal static class WanTalkFiles
{
    public static IReadOnlyList<WanTalkFile> Read(JsonNode? list)
    {
        var files = new List<WanTalkFile>();
        foreach (var item in list as JsonArray ?? [])
        {
            if (item is JsonObject file && file.Text("filename") is { } filename && file.Text("sha256") is { } sha256)
            {
                files.Add(new WanTalkFile(
                    file.Text("name") ?? "",
                    filename,
                    file.Text("subfolder") ?? "",
                    file.Text("type") ?? "output",
                    sha256,
                    (long)(file.Number("bytes") ?? 0),
                    (int?)file.Number("window")));
            }
        }
        return files;
    }
}
