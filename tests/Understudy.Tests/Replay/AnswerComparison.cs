using System.Text;
using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Tests.Replay;

/// <summary>Brings answers into a form in which a recorded and a replayed one are equal.</summary>
public sealed class AnswerComparison(Mask mask, IReadOnlyCollection<string> otherBodies)
{
    private static readonly string[] Headers =
        ["Content-Type", "Content-Range", "Accept-Ranges", "Content-Disposition", "Allow", "Transfer-Encoding", "Cache-Control"];

    /// <summary>Headers whose values are the server's own affair.</summary>
    private static readonly string[] Present = ["ETag", "Last-Modified"];

    public string Recorded(JsonObject answer, string name) =>
        Form((int)answer["status"]!, header => (string?)answer["headers"]?[header], answer, name, answer["json"], BodyOf(answer));

    public string Replayed(HttpResponseMessage response, byte[] body, JsonNode? json, JsonObject recorded, string name) =>
        Form((int)response.StatusCode, header => Header(response, header), recorded, name, json, body);

    private string Form(int status, Func<string, string?> header, JsonObject recorded, string name, JsonNode? json, byte[] body)
    {
        var parts = new List<string> { $"{status}" };
        foreach (var known in Headers.Where(known => recorded["headers"]?[known] is not null))
            parts.Add($"{known}={RecordedBodies.WithoutLength(known, recorded, Mask.WithoutPreview(header(known)))?.Replace(" ", "", StringComparison.Ordinal)}");
        foreach (var known in Present.Where(known => recorded["headers"]?[known] is not null))
            parts.Add($"{known}:{(header(known) is null ? "absent" : "present")}");
        if (!otherBodies.Contains(name))
            parts.Add(Body(recorded, name, json, body));
        return string.Join(" ", parts);
    }

    private string Body(JsonObject recorded, string name, JsonNode? json, byte[] body) => recorded switch
    {
        _ when recorded["json"] is not null =>
            name.EndsWith("/system_stats", StringComparison.Ordinal) ? Mask.Shape(json) : mask.Apply(json),
        // The bytes of a video depend on the encoder's version.
        _ when (string?)recorded["headers"]?["Content-Type"] == "video/mp4" => BodyOf(recorded).Length > 0 ? $"{body.Length} bytes" : "",
        _ when recorded["body_base64"] is not null => IsFile(recorded) ? Convert.ToBase64String(body) : BinaryMessage.Picture(body),
        _ when recorded["body"] is not null => $"\"{Encoding.UTF8.GetString(body)}\"",
        _ => "",
    };

    /// <summary>Whether an answer is an uploaded file as it is, and not a picture that the server made.</summary>
    private static bool IsFile(JsonObject answer) => answer["headers"]!["ETag"] is not null && RecordedFiles.IsKnown(BodyOf(answer));

    private static byte[] BodyOf(JsonObject answer) => (string?)answer["body_base64"] is { } coded
        ? Convert.FromBase64String(coded)
        : Encoding.UTF8.GetBytes((string?)answer["body"] ?? "");

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(",", values)
            : null;
}
