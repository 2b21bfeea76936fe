using System.Text.Json.Nodes;
using WanTalk.ComfyUI.Http;

namespace WanTalk.ComfyUI;

/// <summary>
/// How a prompt ended: with outputs, or with a failure. A success may have no outputs, when no output node shows anything; it never lacks
/// one that the server merely keeps to itself.
/// </summary>
/// <param name="PromptId">The prompt.</param>
/// <param name="Outputs">What each output node shows, by node id.</param>
/// <param name="Failure">Why it failed; null if it did not.</param>
public sealed record PromptOutcome(string PromptId, IReadOnlyDictionary<string, JsonObject> Outputs, PromptFailure? Failure)
{
    private static readonly Dictionary<string, JsonObject> Nothing = [];

    /// <summary>Whether every output was made.</summary>
    public bool Succeeded => Failure is null;

    /// <summary>The nodes whose results were not made by this prompt but taken from the server's cache.</summary>
    public IReadOnlyList<string> CachedNodes { get; init; } = [];

    /// <summary>The files of our node pack that a node names, in the order of making; none if it names none.</summary>
    public IReadOnlyList<WanTalkFile> WanTalkFiles(string nodeId) =>
        Outputs.TryGetValue(nodeId, out var output) ? Messages.WanTalkFiles.Read(output["wantalk"]) : [];

    /// <summary>The files that a node of ComfyUI's own names under a key, "images" or "audio" for instance; none if it names none.</summary>
    public IReadOnlyList<OutputFile> Files(string nodeId, string key) =>
        Outputs.TryGetValue(nodeId, out var output) ? [.. FilesIn(output[key])] : [];

    /// <summary>All files that a node names, under whatever key.</summary>
    public IReadOnlyList<OutputFile> Files(string nodeId) =>
        Outputs.TryGetValue(nodeId, out var output) ? [.. output.SelectMany(shown => FilesIn(shown.Value))] : [];

    internal static PromptOutcome Failed(string promptId, PromptFailure failure) => new(promptId, Nothing, failure);

    internal static PromptOutcome Failed(string promptId, PromptFailureKind kind, string message) =>
        Failed(promptId, new PromptFailure(kind, message));

    private static IEnumerable<OutputFile> FilesIn(JsonNode? list)
    {
        foreach (var item in list as JsonArray ?? [])
        {
            if (item is JsonObject file && file.Text("filename") is { Length: > 0 } filename)
                yield return new OutputFile(filename, file.Text("subfolder") ?? "", file.Text("type") ?? "output");
        }
    }
}
