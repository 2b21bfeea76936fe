using System.Text.Json;

namespace WanTalk.Faults.Watching;

/// <summary>What the API says of a talk at one moment.</summary>
/// <param name="Status">Its status.</param>
/// <param name="WindowsDone">Windows that are committed.</param>
/// <param name="WindowsPlanned">Windows that are planned; null before there is a plan.</param>
/// <param name="Code">The error's code; null without one.</param>
/// <param name="Message">The error's message.</param>
/// <param name="Json">All of it.</param>
internal sealed record TalkSight(string Status, int WindowsDone, int? WindowsPlanned, string? Code, string? Message, string Json)
{
    /// <summary>Whether the talk is over.</summary>
    public bool HasEnded => Status is "completed" or "failed" or "cancelled";

    /// <summary>Reads an answer's body.</summary>
    public static TalkSight Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var view = document.RootElement;
        var error = view.TryGetProperty("error", out var found) && found.ValueKind == JsonValueKind.Object ? found : (JsonElement?)null;
        return new TalkSight(
            view.GetProperty("status").GetString()!,
            view.GetProperty("windows_done").GetInt32(),
            view.TryGetProperty("windows_planned", out var planned) && planned.ValueKind == JsonValueKind.Number ? planned.GetInt32() : null,
            error?.GetProperty("code").GetString(),
            error?.GetProperty("message").GetString(),
            json);
    }
}
