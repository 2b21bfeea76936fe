using System.Text.Json;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Intake;

/// <summary>
/// A talk's request as one JSON object: <c>image_url</c> and <c>audio_url</c> name the inputs, the other fields (<see cref="TalkField"/>)
/// are those of the form. All that is wrong with it is found at once.
/// </summary>
public static class TalkJson
{
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
                problems.Add(new TalkError(ErrorCode.ArgumentInvalid, $"The field '{field.Name}' is there twice. Give it once.", field.Name));
            }
            else if (field.Value.ValueKind != JsonValueKind.Null)
            {
                draft = TalkField.Read(draft, field.Name, field.Value, problems);
            }
        }

        return draft;
    }

    private static string Kind(JsonElement value) => value.ValueKind.ToString().ToLowerInvariant();
}
