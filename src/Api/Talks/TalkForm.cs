using Microsoft.AspNetCore.Http;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
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

    /// <summary>Reads a form.</summary>
    /// <param name="form">The form.</param>
    /// <param name="problems">Fields that are not what they should be, or not known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The draft, without what could not be read.</returns>
    public static async Task<TalkDraft> ReadAsync(IFormCollection form, List<TalkError> problems, CancellationToken cancellationToken)
    {
        var draft = new TalkDraft { Portrait = FactsOf(form.Files[Portrait]), Speech = FactsOf(form.Files[Speech]) };
        foreach (var (name, values) in form)
        {
            draft = TalkField.ReadText(draft, name, values.FirstOrDefault() ?? "", problems);
        }

        return form.Files[TalkField.Workflow] is { } file ? draft with { Workflow = await ReadWorkflowAsync(file, problems, cancellationToken) } : draft;
    }

    private static async Task<string?> ReadWorkflowAsync(IFormFile file, List<TalkError> problems, CancellationToken cancellationToken)
    {
        if (file.Length > WorkflowReader.MaxBytes)
        {
            problems.Add(new TalkError(ErrorCode.WorkflowInvalid, $"The workflow has more than {WorkflowReader.MaxBytes} bytes.", TalkField.Workflow));
            return null;
        }

        using var reader = new StreamReader(file.OpenReadStream());
        return await reader.ReadToEndAsync(cancellationToken);
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
