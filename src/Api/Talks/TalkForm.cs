using System.Globalization;
using Microsoft.AspNetCore.Http;
using WanTalk.Core.Errors;
using WanTalk.Core.Sampling;
using WanTalk.Core.Talks;
using WanTalk.Core.Workflows;

namespace WanTalk.Api.Talks;

/// <summary>A talk's request as multipart form data: files <c>portrait</c> and <c>speech</c>, and fields.</summary>
internal static class TalkForm
{
    /// <summary>The field of the portrait.</summary>
    public const string Portrait = "portrait";

    /// <summary>The field of the speech.</summary>
    public const string Speech = "speech";

    /// <summary>The field of a workflow of the caller's own: a file, or its text.</summary>
    public const string Workflow = "workflow";

    private static readonly HashSet<string> Known =
        ["width", "height", "seed", "prompt", "continuity", "take_seconds", Workflow, .. SamplingField.All.Select(field => field.Name)];

    /// <summary>Reads a form.</summary>
    /// <param name="form">The form.</param>
    /// <param name="problems">Fields that are not what they should be, or not known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The draft, without what could not be read.</returns>
    public static async Task<TalkDraft> ReadAsync(IFormCollection form, List<TalkError> problems, CancellationToken cancellationToken)
    {
        foreach (var field in form.Keys.Where(field => !Known.Contains(field)))
        {
            problems.Add(new TalkError(ErrorCode.ArgumentInvalid, $"There is no field '{field}'. The fields are {string.Join(", ", Known)}."));
        }

        return new TalkDraft
        {
            Portrait = FactsOf(form.Files[Portrait]),
            Speech = FactsOf(form.Files[Speech]),
            Width = (int?)Number(form, "width", int.MinValue, int.MaxValue, problems),
            Height = (int?)Number(form, "height", int.MinValue, int.MaxValue, problems),
            Seed = Number(form, "seed", long.MinValue, long.MaxValue, problems),
            Prompt = form["prompt"].FirstOrDefault(),
            Continuity = form["continuity"].FirstOrDefault() is { Length: > 0 } continuity ? continuity : null,
            TakeSeconds = Seconds(form, "take_seconds", problems),
            Sampling = Sampling(form, problems),
            Workflow = form.Files[Workflow] is { } file
                ? await ReadWorkflowAsync(file, problems, cancellationToken)
                : form[Workflow].FirstOrDefault(),
        };
    }

    private static async Task<string?> ReadWorkflowAsync(IFormFile file, List<TalkError> problems, CancellationToken cancellationToken)
    {
        if (file.Length > WorkflowReader.MaxBytes)
        {
            problems.Add(new TalkError(ErrorCode.WorkflowInvalid, $"The workflow has more than {WorkflowReader.MaxBytes} bytes."));
            return null;
        }

        using var reader = new StreamReader(file.OpenReadStream());
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static SamplingDraft Sampling(IFormCollection form, List<TalkError> problems)
    {
        var draft = SamplingDraft.Empty;
        foreach (var field in SamplingField.All)
        {
            if (form[field.Name].FirstOrDefault() is { Length: > 0 } text)
            {
                draft = field.Read(draft, text, problems);
            }
        }

        return draft;
    }

    private static long? Number(IFormCollection form, string field, long least, long most, List<TalkError> problems)
    {
        if (form[field].FirstOrDefault() is not { Length: > 0 } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        problems.Add(new TalkError(ErrorCode.ArgumentInvalid, $"The field '{field}' is '{text}'. Give a whole number."));
        return null;
    }

    private static double? Seconds(IFormCollection form, string field, List<TalkError> problems)
    {
        if (form[field].FirstOrDefault() is not { Length: > 0 } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds;
        }

        problems.Add(new TalkError(ErrorCode.ArgumentInvalid, $"The field '{field}' is '{text}'. Give a number of seconds."));
        return null;
    }

    private static InputFacts? FactsOf(IFormFile? file)
    {
        if (file is null)
        {
            return null;
        }

        using var content = file.OpenReadStream();
        var head = new byte[InputFacts.HeadBytes];
        var read = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return new InputFacts(Path.GetFileName(file.FileName), file.Length, head.AsMemory(0, read));
    }
}
