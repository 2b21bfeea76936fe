using System.Text;
using System.Text.Json;
using WanTalk.Api.Talks;
using WanTalk.Core.Errors;
using WanTalk.Core.Owners;
using WanTalk.Core.RunPod;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;

namespace WanTalk.Api.RunPod;

/// <summary>The body of <c>/run</c> and <c>/runsync</c>: <c>{"input":{…},"webhook":…,"policy":{…}}</c>.</summary>
/// <param name="Talk">The talk that <c>input</c> asks for.</param>
/// <param name="Wishes">What is asked for beside it.</param>
/// <param name="Warnings">What is not used of the body, one sentence each.</param>
/// <param name="OwnProblems">What could not be read beside the talk.</param>
internal sealed record RunPodBody(TalkBody Talk, RunPodRequest Wishes, IReadOnlyList<string> Warnings, IReadOnlyList<TalkError> OwnProblems)
{
    private const int MostWarnings = 10;

    /// <summary>What could not be read.</summary>
    public IReadOnlyList<TalkError> Problems => [.. OwnProblems, .. Talk.Problems];

    /// <summary>Reads a body.</summary>
    /// <exception cref="TalkException">It is no JSON object with an <c>input</c>.</exception>
    public static RunPodBody Read(ReadOnlyMemory<byte> json, RunPodScope scope)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 66 });
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("input", out var input)
                ? Read(document.RootElement, input, scope)
                : throw Wrong("The body is no JSON object with 'input'. Give {\"input\": {\"image_url\": …, \"audio_url\": …}}.");
        }
        catch (JsonException malformed)
        {
            throw Wrong($"The body is no JSON (line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}).");
        }
        catch (InvalidOperationException)
        {
            // What JsonElement says when it is asked for a text that its escapes leave half a character in.
            throw Wrong("A text of the body has half of a surrogate pair (\\ud800 to \\udfff alone), which is no character. Correct its escapes.");
        }
    }

    /// <summary>The body with the uploads that its talk names as its inputs.</summary>
    public async Task<RunPodBody> WithUploadsAsync(OwnedUploads uploads, Caller caller, CancellationToken cancellationToken) =>
        this with { Talk = await Talk.WithUploadsAsync(uploads, caller, cancellationToken) };

    private static RunPodBody Read(JsonElement body, JsonElement input, RunPodScope scope)
    {
        var (wishes, warnings, problems) = (new RunPodRequest(scope.Endpoint), new List<string>(), new List<TalkError>());
        foreach (var field in body.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null))
        {
            switch (field.Name)
            {
                case "input":
                    break;
                case "webhook":
                    wishes = wishes with { Webhook = AddressOf(field.Value, problems) };
                    break;
                case "policy":
                    wishes = ReadPolicy(wishes, field.Value, problems);
                    break;
                default:
                    warnings.Add($"The field '{Cut(field.Name)}' beside 'input' is not used here.");
                    break;
            }
        }

        var talk = TalkBody.Of(Encoding.UTF8.GetBytes(input.GetRawText()));
        return new RunPodBody(talk, wishes, [.. warnings.Take(MostWarnings)], problems);
    }

    private static RunPodRequest ReadPolicy(RunPodRequest wishes, JsonElement policy, List<TalkError> problems)
    {
        if (policy.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new TalkError(ErrorCode.ArgumentInvalid, "The policy is no object. Give {\"executionTimeout\": ms, \"ttl\": ms}.", "policy"));
            return wishes;
        }

        return wishes with
        {
            ExecutionTimeoutMs = TimeOf(policy, "executionTimeout", RunPodLimits.MinExecutionTimeoutMs, problems),
            TtlMs = TimeOf(policy, "ttl", RunPodLimits.MinTtlMs, problems),
        };
    }

    private static long? TimeOf(JsonElement policy, string name, long least, List<TalkError> problems)
    {
        if (!policy.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var time) && time >= least && time <= RunPodLimits.MaxPolicyMs)
        {
            return time;
        }

        problems.Add(new TalkError(
            ErrorCode.SettingOutOfRange, $"policy.{name} is {Cut(value.GetRawText())}. Give {least} to {RunPodLimits.MaxPolicyMs} ms.",
            $"policy.{name}"));
        return null;
    }

    private static Uri? AddressOf(JsonElement value, List<TalkError> problems)
    {
        var before = problems.Count;
        if (value.ValueKind != JsonValueKind.String)
        {
            problems.Add(new TalkError(ErrorCode.ArgumentInvalid, "The webhook is no text. Give an address that begins with http:// or https://.", "webhook"));
            return null;
        }

        TalkRequestValidator.CheckUrl("webhook", value.GetString()!, problems);
        return problems.Count == before ? new Uri(value.GetString()!) : null;
    }

    private static string Cut(string text) => text.Length <= 60 ? text : $"{text[..60]}…";

    private static TalkException Wrong(string message) => new(ErrorCode.ArgumentInvalid, message);
}
