using WanTalk.Core.Errors;
using WanTalk.Core.Talks;

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
