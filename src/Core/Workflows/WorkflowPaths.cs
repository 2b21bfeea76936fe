using System.Text.Json.Nodes;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;

namespace WanTalk.Core.Workflows;

/// <summary>
/// Keeps a workflow inside of the engine's folders: ComfyUI's LoadImage and LoadAudio follow any path, and some nodes write where they
/// are told. Files of talks lie below <c>wantalk/</c> on the engine and are nobody else's to read.
/// </summary>
internal static class WorkflowPaths
{
    private const string TalksFolder = "wantalk";

    /// <summary>
    /// Inputs that hold words for people or models, in which anything may stand. A text of a constant node is none: it may be linked to
    /// whatever takes a text.
    /// </summary>
    private static readonly HashSet<string> Words = ["positive_prompt", "negative_prompt", "prompt", "text", "pad_color", "label"];

    /// <summary>Refuses every text in a node's inputs that could lead somewhere.</summary>
    public static IEnumerable<TalkError> Check(string id, string name, JsonObject inputs)
    {
        foreach (var (input, value) in inputs)
        {
            // A link would bring a text that is not known before it is used.
            if (input == "output_path" && value is not null && !(value is JsonValue path && path.TryGetValue(out string? folder) && folder.Length == 0))
            {
                yield return Refused(id, name, input, value.ToJsonString(), "Leave it empty: the video is made from the output.");
            }
            else if (!Words.Contains(input))
            {
                foreach (var text in TextsIn(value, depth: 0).Where(Leads))
                {
                    yield return Refused(id, name, input, text, "Name a file of the input folder, without a path out of it.");
                }
            }
        }
    }

    /// <summary>Texts in a value; in a link they are a node's id, which leads nowhere but is no path either.</summary>
    private static IEnumerable<string> TextsIn(JsonNode? value, int depth) => value switch
    {
        JsonValue one when one.TryGetValue(out string? text) => [text],
        JsonArray items when depth < 8 => items.SelectMany(item => TextsIn(item, depth + 1)),
        JsonObject members when depth < 8 => members.SelectMany(member => TextsIn(member.Value, depth + 1)),
        _ => [],
    };

    private static bool Leads(string text) =>
        text.Length > 0
        && (text[0] is '/' or '~'
            || text.Contains('\\', StringComparison.Ordinal)
            || text.Contains('\0', StringComparison.Ordinal)
            || text.Contains("://", StringComparison.Ordinal)
            || (text.Length > 1 && text[1] == ':' && char.IsAsciiLetter(text[0]))
            || IsAnnotated(text)
            || text.Split('/') is var parts && (parts.Any(part => part.Trim() == "..") || (parts.Length > 1 && parts[0].Trim() is TalksFolder or ".")));

    /// <summary>"x.png [output]" names a file of another folder.</summary>
    private static bool IsAnnotated(string text) =>
        text.EndsWith("[output]", StringComparison.Ordinal) || text.EndsWith("[temp]", StringComparison.Ordinal) || text.EndsWith("[input]", StringComparison.Ordinal);

    private static TalkError Refused(string id, string name, string input, string text, string cure) => new(
        ErrorCode.WorkflowForbidden,
        $"The input {input} of node {id} ({name}) in the workflow is '{(text.Length <= 80 ? text : text[..80] + "…")}', which leads out of the engine's input folder. {cure}",
        TalkField.Workflow);
}
