using System.Text.Json;
using WanTalk.Core.Errors;
using WanTalk.Core.Sampling;
using WanTalk.Core.Takes;
using WanTalk.Core.Talks;
using WanTalk.Core.Webhooks;

namespace WanTalk.Core.Intake;

/// <summary>A field of a talk's request, as JSON has it and as a form has it: the one list of them.</summary>
/// <param name="Name">Its name in snake_case.</param>
/// <param name="Type">What it is in JSON: a type of JSON Schema, or <see cref="Graph"/>.</param>
/// <param name="Expected">What its value may be, in words that fit behind "Give".</param>
/// <param name="Description">What it does, and its default.</param>
/// <param name="Set">The draft with the value; null if it is not what is expected.</param>
public sealed record TalkField(string Name, string Type, string Expected, string Description, Func<TalkDraft, JsonElement, TalkDraft?> Set)
{
    /// <summary>The type of a workflow: an object, or a text with its JSON.</summary>
    public const string Graph = "graph";

    private const int MostShown = 200;

    /// <summary>The field of the portrait's address.</summary>
    public const string ImageUrl = "image_url";

    /// <summary>The field of the speech's address.</summary>
    public const string AudioUrl = "audio_url";

    /// <summary>The field of a workflow of the caller's own.</summary>
    public const string Workflow = "workflow";

    private static readonly Dictionary<string, SamplingField> Settings = SamplingField.All.ToDictionary(field => field.Name, StringComparer.Ordinal);

    /// <summary>The least of a number; null where none is told.</summary>
    public double? Least { get; init; }

    /// <summary>The most of a number, or of a text's characters; null where none is told.</summary>
    public double? Most { get; init; }

    /// <summary>The values that a text, or each of a list's texts, may have; empty when any.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Whether a form's text is the value itself; otherwise it is the value's JSON.</summary>
    public bool IsText => Type is "string" or Graph;

    /// <summary>The fields that are no sampling settings, in the order in which they are described.</summary>
    public static IReadOnlyList<TalkField> Own { get; } =
    [
        Text(ImageUrl, "Where the portrait is: http, https, data:…;base64,… or upload:ID.", (draft, text) => draft with { PortraitUrl = text }),
        Text(AudioUrl, "Where the speech is: http, https, data:…;base64,… or upload:ID.", (draft, text) => draft with { SpeechUrl = text }),
        Whole("width", $"Pixels in a row, made a multiple of 16. Default {FrameSize.Default.Width}.", TalkLimits.MinSide, TalkLimits.MaxSide,
            (draft, number) => draft with { Width = number }),
        Whole("height", $"Rows of pixels, made a multiple of 16. Default {FrameSize.Default.Height}.", TalkLimits.MinSide, TalkLimits.MaxSide,
            (draft, number) => draft with { Height = number }),
        new("seed", "integer", "a whole number", "The seed; 0 or none to have one drawn, which is told.",
            (draft, value) => LongOf(value) is { } seed ? draft with { Seed = seed } : null) { Least = 0, Most = TalkLimits.MaxSeed },
        Text("prompt", $"What the picture shows. Default '{TalkLimits.DefaultPrompt}'.", (draft, text) => draft with { Prompt = text }) with
        {
            Most = TalkLimits.MaxPromptLength,
        },
        Text("negative_prompt", "What the picture should not show. Default: the graph's.", (draft, text) => draft with { NegativePrompt = text }) with
        {
            Most = TalkLimits.MaxPromptLength,
        },
        Text("continuity", "Whether the picture runs through, or is cut at silences into takes that are sampled side by side. Default continuous.",
            (draft, text) => draft with { Continuity = text }) with { Choices = [.. TakeRules.Choices] },
        Seconds("take_seconds", "How long a take should be, in seconds.", (draft, seconds) => draft with { TakeSeconds = seconds }) with
        {
            Least = TakeLimits.MinSeconds,
            Most = TakeLimits.MaxSeconds,
        },
        new("stream", "boolean", "true or false", "Whether the talk can be played while it is being made; its status tells where. Default false.",
            (draft, value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? draft with { Stream = value.GetBoolean() } : null),
        Seconds("audio_start", "The second of the speech to begin with, cut to the sample. Default its beginning.",
            (draft, seconds) => draft with { AudioStart = seconds }),
        Seconds("audio_end", "The second of the speech to end before, cut to the sample. Default its end.",
            (draft, seconds) => draft with { AudioEnd = seconds }),
        Seconds("audio_seconds", "How long the whole speech is, in seconds, for a quote of a speech that is not sent along.",
            (draft, seconds) => draft with { AudioSeconds = seconds }),
        Whole("num_frames", "The most frames, at 25 a second: it only shortens. Default all.", TalkLimits.MinFrames, TalkLimits.MaxFrames,
            (draft, number) => draft with { NumFrames = number }),
        Text("webhook_url", "Who is called when the talk ends. Default nobody.", (draft, text) => draft with { WebhookUrl = text }),
        new("webhook_events", "array", "a list of texts", "Which events it is called for. Default the three ends.",
            (draft, value) => TextsOf(value) is { } events ? draft with { WebhookEvents = events } : null) { Choices = [.. WebhookEvents.All] },
        new("metadata", "object", "an object whose values are texts",
            $"Comes back with the talk: at most {TalkLimits.MaxMetadataEntries} texts of at most {TalkLimits.MaxMetadataValue} characters.",
            (draft, value) => EntriesOf(value) is { } metadata ? draft with { Metadata = metadata } : null),
        new("expires_in", "integer", "a whole number of seconds", "For how long the talk is kept after its end. Default: as long as the host keeps talks.",
            (draft, value) => LongOf(value) is { } seconds ? draft with { ExpiresIn = seconds } : null)
        {
            Least = TalkLimits.MinExpiresIn,
            Most = TalkLimits.MaxExpiresIn,
        },
        new(Workflow, Graph, "a workflow in ComfyUI's API format", "A workflow of the caller's own. Default: WanTalk's.",
            (draft, value) => value.ValueKind switch
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
            problems.Add(new TalkError(ErrorCode.ArgumentInvalid, $"There is no field '{Cut(name)}'. The fields are {string.Join(", ", Names)}.", Cut(name)));
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
        problems.Add(new TalkError(ErrorCode.ArgumentInvalid, $"The field '{Name}' is {written}. Give {Expected}.", Name));
        return draft;
    }

    private static TalkField Text(string name, string description, Func<TalkDraft, string, TalkDraft> set) =>
        new(name, "string", "a text", description, (draft, value) => value.ValueKind == JsonValueKind.String ? set(draft, value.GetString()!) : null);

    private static TalkField Whole(string name, string description, int least, int most, Func<TalkDraft, int, TalkDraft> set) =>
        new(name, "integer", "a whole number", description, (draft, value) =>
            value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? set(draft, number) : null)
        {
            Least = least,
            Most = most,
        };

    private static TalkField Seconds(string name, string description, Func<TalkDraft, double, TalkDraft> set) =>
        new(name, "number", "a number of seconds", description, (draft, value) =>
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
