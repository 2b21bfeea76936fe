using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Fetching;
using WanTalk.Core.Talks;

namespace WanTalk.GpuRunner.Stages;

/// <summary>
/// Stores inputs that a request names by address where intake stores those that come with a request, and refuses what intake would have
/// refused, with its codes. What is stored is not fetched again: a retry works on the same bytes, whatever the address has become.
/// </summary>
/// <param name="store">The artifacts.</param>
/// <param name="fetcher">Fetches them.</param>
/// <param name="scratch">A folder for them on their way: nothing is stored that was not looked at.</param>
internal sealed class NamedInputs(IArtifactStore store, IInputFetcher fetcher, string scratch)
{
    /// <summary>Stores what is named and not yet stored.</summary>
    /// <exception cref="TalkException">It cannot be had, or is none.</exception>
    public async Task StoreAsync(TalkRequest request, TalkPaths paths, CancellationToken cancellationToken)
    {
        await StorePortraitAsync(request, paths, cancellationToken);
        await StoreSpeechAsync(request, paths, cancellationToken);
    }

    /// <summary>Stores the portrait, if it is named and not yet stored.</summary>
    /// <exception cref="TalkException">It cannot be had, or is none.</exception>
    public async Task StorePortraitAsync(TalkRequest request, TalkPaths paths, CancellationToken cancellationToken)
    {
        if (request.PortraitUrl is { } portrait)
        {
            await StoreAsync(
                new Input("portrait", portrait, request.PortraitName, TalkLimits.MaxPortraitBytes, ErrorCode.PortraitMissing, ErrorCode.PortraitTooLarge),
                paths.SourcePortrait, TalkRequestValidator.ValidatePortrait, cancellationToken);
        }
    }

    /// <summary>Stores the speech, if it is named and not yet stored.</summary>
    /// <exception cref="TalkException">It cannot be had, or is none.</exception>
    public async Task StoreSpeechAsync(TalkRequest request, TalkPaths paths, CancellationToken cancellationToken)
    {
        if (request.SpeechUrl is { } speech)
        {
            await StoreAsync(
                new Input("speech", speech, request.SpeechName, TalkLimits.MaxSpeechBytes, ErrorCode.SpeechMissing, ErrorCode.SpeechTooLong),
                paths.SourceSpeech, TalkRequestValidator.ValidateSpeech, cancellationToken);
        }
    }

    private async Task StoreAsync(
        Input input, ArtifactPath path, Func<InputFacts, IReadOnlyList<TalkError>> problemsOf, CancellationToken cancellationToken)
    {
        if (await store.ExistsAsync(path, cancellationToken))
        {
            return;
        }

        var file = Path.Combine(scratch, $"fetched-{input.What}");
        await using (var target = File.Create(file))
        {
            var result = await fetcher.FetchAsync(input.Address, target, input.MaxBytes, cancellationToken);
            if (result.Outcome != FetchOutcome.Fetched)
            {
                throw new TalkException(input.RefusalOf(result));
            }
        }

        await using var content = File.OpenRead(file);
        var head = new byte[InputFacts.HeadBytes];
        var read = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        if (problemsOf(new InputFacts(input.Name, content.Length, head.AsMemory(0, read))) is [var problem, ..])
        {
            throw new TalkException(problem);
        }

        // Of two attempts that fetch at the same time, the first one's bytes count.
        content.Position = 0;
        await store.TryCreateAsync(path, content, cancellationToken);
        File.Delete(file);
    }

    private sealed record Input(string What, Uri Address, string Name, long MaxBytes, ErrorCode Missing, ErrorCode TooLarge)
    {
        public TalkError RefusalOf(FetchResult result) => result.Outcome == FetchOutcome.TooLarge
            ? new TalkError(TooLarge, $"The {What} at {InputAddress.Shown(Address)} has more than {MaxBytes} bytes. Give one of at most as many.")
            : new TalkError(
                Missing, $"There is no {What} at {InputAddress.Shown(Address)}: its server answers with {result.Status}. Give the address of a file.");
    }
}
