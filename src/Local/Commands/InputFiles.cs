using WanTalk.Core.Errors;
using WanTalk.Core.Talks;
using WanTalk.Core.Workflows;

namespace WanTalk.Local.Commands;

/// <summary>The two input files of a talk, opened before anything else happens.</summary>
internal sealed class InputFiles : IAsyncDisposable
{
    private InputFiles(FileStream portrait, FileStream speech)
    {
        (Portrait, Speech) = (portrait, speech);
        (PortraitFacts, SpeechFacts) = (FactsOf(portrait), FactsOf(speech));
    }

    /// <summary>The portrait's bytes.</summary>
    public FileStream Portrait { get; }

    /// <summary>The speech's bytes.</summary>
    public FileStream Speech { get; }

    /// <summary>What is known of the portrait.</summary>
    public InputFacts PortraitFacts { get; }

    /// <summary>What is known of the speech.</summary>
    public InputFacts SpeechFacts { get; }

    /// <summary>Opens both.</summary>
    /// <exception cref="RefusedException">One or both cannot be read.</exception>
    public static InputFiles Open(string portrait, string speech)
    {
        var problems = new List<TalkError>();
        var portraitFile = TryOpen(portrait, "portrait", ErrorCode.PortraitMissing, problems);
        var speechFile = TryOpen(speech, "speech", ErrorCode.SpeechMissing, problems);
        if (portraitFile is not null && speechFile is not null)
        {
            return new InputFiles(portraitFile, speechFile);
        }

        portraitFile?.Dispose();
        speechFile?.Dispose();
        throw new RefusedException(problems);
    }

    /// <summary>Reads a workflow's file.</summary>
    /// <exception cref="TalkException">It cannot be read, or is too large to be one.</exception>
    public static async Task<string> ReadWorkflowAsync(string path, CancellationToken cancellationToken)
    {
        var problems = new List<TalkError>();
        await using var file = TryOpen(path, "workflow", ErrorCode.WorkflowInvalid, problems) ?? throw new RefusedException(problems);
        if (file.Length > WorkflowReader.MaxBytes)
        {
            throw new TalkException(ErrorCode.WorkflowInvalid, $"The workflow '{path}' has more than {WorkflowReader.MaxBytes} bytes.");
        }

        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Portrait.DisposeAsync();
        await Speech.DisposeAsync();
    }

    private static FileStream? TryOpen(string path, string what, ErrorCode missing, List<TalkError> problems)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            var why = File.Exists(path) ? failure.Message : Directory.Exists(path) ? "It is a folder." : "There is no such file.";
            problems.Add(new TalkError(missing, $"The {what} '{path}' cannot be read. {why} Give the path of a file."));
            return null;
        }
    }

    private static InputFacts FactsOf(FileStream file)
    {
        var head = new byte[InputFacts.HeadBytes];
        var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return new InputFacts(Path.GetFileName(file.Name), file.Length, head.AsMemory(0, read));
    }
}
