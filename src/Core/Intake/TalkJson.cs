using System.Text.Json;
using WanTalk.Core.Errors;
using WanTalk.Core.Sampling;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Intake;

/// <summary>
/// A talk's request as one JSON object: <c>image_url</c> and <c>audio_url</c> name the inputs, the other fields are those of the form. All
/// that is wrong with it is found at once.
/// </summary>
public static class TalkJson
{
    private static readonly Dictionary<string, SamplingField> Settings = SamplingField.All.ToDictionary(field => field.Name, StringComparer.Ordinal);

    private static readonly string[] Own =
        ["image_url", "audio_url", "width", "height", "seed", "prompt", "continuity", "take_seconds", "workflow"];

    /// <summary>Reads a request.</summary>
    /// <param name="body">UTF-8 JSON.</param>
    /// <param name="problems">Is told what cannot be read.</param>
    /// <returns>The draft, without what could not be read.</returns>
    public static TalkDraft Read(ReadOnlyMemory<byte> body, ICollection<TalkError> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 64 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement, problems)
                : Refuse($"The request is a JSON {Kind(document.RootElement)}. Give one object.");
        }
        catch (JsonException malformed)
        {
            return Refuse($"The request is no JSON (line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}). Give one object.");
        }
        catch (InvalidOperationException)
        {
            // What JsonElement says when it is asked for a text that its escapes leave half a character in.
            return Refuse("A text of the request has half of a surrogate pair (\\ud800 to \\udfff alone), which is no character. Correct its escapes.");
        }

        TalkDraft Refuse(string message)
        {
            problems.Add(new TalkError(ErrorCode.ArgumentInvalid, message));
            return new TalkDraft();
        }
    }

    private static TalkDraft Read(JsonElement body, ICollection<TalkError> problems)
    {
        var (draft, seen) = (new TalkDraft(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var field in body.EnumerateObject())
        {
            if (!seen.Add(field.Name))
            {
                problems.Add(new TalkError(ErrorCode.ArgumentInvalid, $"The field '{field.Name}' is there twice. Give it once."));
            }
            else if (field.Value.ValueKind != JsonValueKind.Null)
            {
                draft = Read(draft, field.Name, field.Value, problems);
            }
        }

        return draft;
    }

    private static TalkDraft Read(TalkDraft draft, string name, JsonElement value, ICollection<TalkError> problems)
    {
        switch (name)
        {
            case "image_url":
                return draft with { PortraitUrl = Text() };
            case "audio_url":
                return draft with { SpeechUrl = Text() };
            case "width":
                return draft with { Width = Is(value.TryGetInt32Safely(out var width), "a whole number") ? width : null };
            case "height":
                return draft with { Height = Is(value.TryGetInt32Safely(out var height), "a whole number") ? height : null };
            case "seed":
                return draft with { Seed = Is(value.TryGetInt64Safely(out var seed), "a whole number") ? seed : null };
            case "take_seconds":
                return draft with { TakeSeconds = Is(value.TryGetDoubleSafely(out var seconds), "a number of seconds") ? seconds : null };
            case "prompt":
                return draft with { Prompt = Text() };
            case "continuity":
                return draft with { Continuity = Text() };
            case "workflow":
                return draft with { Workflow = value.ValueKind == JsonValueKind.Object ? value.GetRawText() : Text() };
        }

        if (Settings.TryGetValue(name, out var setting))
        {
            return draft with { Sampling = setting.Read(draft.Sampling, Written(value), problems) };
        }

        problems.Add(new TalkError(
            ErrorCode.ArgumentInvalid, $"There is no field '{name}'. The fields are {string.Join(", ", [.. Own, .. Settings.Keys])}."));
        return draft;

        string? Text() => Is(value.ValueKind == JsonValueKind.String, "a text") ? value.GetString() : null;

        bool Is(bool right, string expected)
        {
            if (!right)
            {
                problems.Add(new TalkError(ErrorCode.ArgumentInvalid, $"The field '{name}' is {Written(value)}. Give {expected}."));
            }

            return right;
        }
    }

    /// <summary>A value as a form would have it, cut where it is long.</summary>
    private static string Written(JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => value.GetRawText(),
        };
        return text.Length <= 200 ? text : $"{text[..200]}…";
    }

    private static string Kind(JsonElement value) => value.ValueKind.ToString().ToLowerInvariant();

    private static bool TryGetInt32Safely(this JsonElement value, out int number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out number);
    }

    private static bool TryGetInt64Safely(this JsonElement value, out long number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number);
    }

    private static bool TryGetDoubleSafely(this JsonElement value, out double number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out number) && double.IsFinite(number);
    }
}
