using System.Text.Json;
using WanTalk.Core.Errors;
using WanTalk.Core.Sampling;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Intake;

/// <summary>A field of a talk's request, as JSON has it and as a form has it: the one list of them.</summary>
/// <param name="Name">Its name in snake_case.</param>
/// <param name="IsText">Whether a form's text is the value itself; otherwise it is the value's JSON.</param>
/// <param name="Expected">What its value may be, in words that fit behind "Give".</param>
/// <param name="Set">The draft with the value; null if it is not what is expected.</param>
public sealed record TalkField(string Name, bool IsText, string Expected, Func<TalkDraft, JsonElement, TalkDraft?> Set)
{
    private const int MostShown = 200;

    /// <summary>The field of the portrait's address.</summary>
    public const string ImageUrl = "image_url";

    /// <summary>The field of the speech's address.</summary>
    public const string AudioUrl = "audio_url";

    /// <summary>The field of a workflow of the caller's own.</summary>
    public const string Workflow = "workflow";

    private static readonly Dictionary<string, SamplingField> Settings = SamplingField.All.ToDictionary(field => field.Name, StringComparer.Ordinal);

    /// <summary>The fields that are no sampling settings, in the order in which they are described.</summary>
    public static IReadOnlyList<TalkField> Own { get; } =
    [
        Text(ImageUrl, (draft, text) => draft with { PortraitUrl = text }),
        Text(AudioUrl, (draft, text) => draft with { SpeechUrl = text }),
        Whole("width", (draft, number) => draft with { Width = number }),
        Whole("height", (draft, number) => draft with { Height = number }),
        new("seed", false, "a whole number", (draft, value) => LongOf(value) is { } seed ? draft with { Seed = seed } : null),
        Text("prompt", (draft, text) => draft with { Prompt = text }),
        Text("negative_prompt", (draft, text) => draft with { NegativePrompt = text }),
        Text("continuity", (draft, text) => draft with { Continuity = text }),
        Seconds("take_seconds", (draft, seconds) => draft with { TakeSeconds = seconds }),
        Seconds("audio_start", (draft, seconds) => draft with { AudioStart = seconds }),
        Seconds("audio_end", (draft, seconds) => draft with { AudioEnd = seconds }),
        Seconds("audio_seconds", (draft, seconds) => draft with { AudioSeconds = seconds }),
        Whole("num_frames", (draft, number) => draft with { NumFrames = number }),
        Text("webhook_url", (draft, text) => draft with { WebhookUrl = text }),
        new("webhook_events", false, "a list of texts", (draft, value) => TextsOf(value) is { } events ? draft with { WebhookEvents = events } : null),
        new("metadata", false, "an object whose values are texts",
            (draft, value) => EntriesOf(value) is { } metadata ? draft with { Metadata = metadata } : null),
        new("expires_in", false, "a whole number of seconds",
            (draft, value) => LongOf(value) is { } seconds ? draft with { ExpiresIn = seconds } : null),
        new(Workflow, true, "a workflow in ComfyUI's API format", (draft, value) => value.ValueKind switch
        {
            JsonValueKind.Object => draft with { Workflow = value.GetRawText() },
            JsonValueKind.String => draft with { Workflow = value.GetString() },
            _ => null,
        }),
    ];

    /// <summary>The names of all fields, sampling settings included.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Own.Select(field => field.Name), .. Settings.Keys];

    private static readonly Dictionary<string, TalkField> ByName = Own.ToDictionary(field => field.Name, StringComparer.Ordinal);

    /// <summary>Reads a field's value in JSON into a draft.</summary>
    /// <param name="draft">The draft so far.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="problems">Is told when there is no such field, or its value cannot be read.</param>
    /// <returns>The draft with the value, or as it was.</returns>
    public static TalkDraft Read(TalkDraft draft, string name, JsonElement value, ICollection<TalkError> problems)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(problems);
        if (Settings.TryGetValue(name, out var setting))
        {
            return draft with { Sampling = setting.Read(draft.Sampling, Written(value), problems) };
        }

        if (!ByName.TryGetValue(name, out var field))
        {
            problems.Add(new TalkError(ErrorCode.ArgumentInvalid, $"There is no field '{Cut(name)}'. The fields are {string.Join(", ", Names)}."));
            return draft;
        }

        return field.Set(draft, value) ?? field.Refuse(draft, Written(value), problems);
    }

    /// <summary>Reads a form's field into a draft; one without any text is as good as not given.</summary>
    /// <param name="draft">The draft so far.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="text">What the form has.</param>
    /// <param name="problems">Is told when there is no such field, or its value cannot be read.</param>
    /// <returns>The draft with the value, or as it was.</returns>
    public static TalkDraft ReadText(TalkDraft draft, string name, string text, ICollection<TalkError> problems)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0)
        {
            return draft;
        }

        var isText = !ByName.TryGetValue(name, out var field) || field.IsText;
        try
        {
            return Read(draft, name, isText ? JsonSerializer.SerializeToElement(text) : JsonSerializer.Deserialize<JsonElement>(text), problems);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // The latter is JsonElement's word for half of a surrogate pair in a text.
            return field!.Refuse(draft, Cut(text), problems);
        }
    }

    private TalkDraft Refuse(TalkDraft draft, string written, ICollection<TalkError> problems)
    {
        problems.Add(new TalkError(ErrorCode.ArgumentInvalid, $"The field '{Name}' is {written}. Give {Expected}."));
        return draft;
    }

    private static TalkField Text(string name, Func<TalkDraft, string, TalkDraft> set) =>
        new(name, true, "a text", (draft, value) => value.ValueKind == JsonValueKind.String ? set(draft, value.GetString()!) : null);

    private static TalkField Whole(string name, Func<TalkDraft, int, TalkDraft> set) =>
        new(name, false, "a whole number", (draft, value) =>
            value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? set(draft, number) : null);

    private static TalkField Seconds(string name, Func<TalkDraft, double, TalkDraft> set) =>
        new(name, false, "a number of seconds", (draft, value) =>
            value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && double.IsFinite(seconds) ? set(draft, seconds) : null);

    private static long? LongOf(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private static string[]? TextsOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
            : null;

    private static Dictionary<string, string>? EntriesOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.EnumerateObject().All(entry => entry.Value.ValueKind == JsonValueKind.String))
        {
            return null;
        }

        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in value.EnumerateObject())
        {
            entries[entry.Name] = entry.Value.GetString()!;
        }

        return entries;
    }

    /// <summary>A value as a form would have it, cut where it is long.</summary>
    private static string Written(JsonElement value) => Cut(value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.GetRawText(),
    });

    private static string Cut(string text) =>
        text.Length <= MostShown ? text : $"{text[..MostShown]}…";
}
