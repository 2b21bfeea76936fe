using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Plans;
using WanTalk.Core.Takes;
using WanTalk.Core.Talks;
using WanTalk.Core.Windows;
using WanTalk.Core.Workflows;

namespace WanTalk.Core.Quotes;

/// <summary>Says what talks would take; stores nothing and starts nothing.</summary>
/// <param name="lengths">Measures speeches.</param>
/// <param name="history">How long windows took.</param>
/// <param name="prices">What GPUs cost.</param>
public sealed class TalkQuotes(ISpeechLength lengths, GpuHistory history, GpuPrices prices)
{
    /// <summary>Plans a talk and quotes it.</summary>
    /// <param name="request">From <see cref="TalkIntake.Check"/> or <see cref="TalkIntake.CheckForQuote"/>.</param>
    /// <param name="draft">What it was made of.</param>
    /// <param name="speech">Opens the speech; null when it did not come with the request.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    /// <exception cref="TalkException">The speech is none, or nobody knows how long it is.</exception>
    public async Task<(TalkPlan Plan, TalkQuote Quote)> QuoteAsync(
        TalkRequest request, TalkDraft draft, Func<Stream>? speech, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(draft);
        var part = (await ExtentAsync(draft, speech, cancellationToken)).Part(request.Cut);
        var plan = PlanOf(request, draft, part);
        return (plan, QuoteMaker.Quote(plan, request, await history.ReadAsync(cancellationToken), prices));
    }

    private async Task<SpeechExtent> ExtentAsync(TalkDraft draft, Func<Stream>? speech, CancellationToken cancellationToken)
    {
        if (draft.AudioSeconds is { } seconds)
        {
            return SpeechExtent.OfSeconds(seconds);
        }

        if (speech is null)
        {
            throw new TalkException(new TalkError(ErrorCode.SpeechLengthUnknown, draft.SpeechUrl is null
                ? "There is no speech, and not its length either. Give audio_seconds, or the speech itself."
                : "Nothing is fetched for a quote. Give audio_seconds, the speech's length in seconds, beside audio_url.", TalkField.AudioUrl));
        }

        try
        {
            await using var content = speech();
            return await lengths.MeasureAsync(content, cancellationToken);
        }
        catch (TalkException refused) when (ErrorCatalog.KindOf(refused.Error.Code) == ErrorKind.Input)
        {
            throw new TalkException(refused.Error with { Field = TalkField.AudioUrl }, refused);
        }
    }

    private static TalkPlan PlanOf(TalkRequest request, TalkDraft draft, SpeechExtent part)
    {
        if (draft.Workflow is { } text)
        {
            var workflow = WorkflowReader.ReadChecked(text);
            return WorkflowPlanner.Plan(workflow, WorkflowPlaces.Find(workflow, [])!, request, part.Samples);
        }

        if (request.Continuity != Continuity.Takes)
        {
            return TalkPlanner.Plan(part.Samples, request.RequestedSize);
        }

        var plan = TalkPlanner.PlanTakes(
            part.Samples, request.RequestedSize, part.Silences ?? [.. SilencesEvery(request.TakeSeconds, part.Samples)], request.TakeSeconds);
        return part.Silences is not null
            ? plan
            : plan with { Notes = ["The takes are an estimate, as long as they are wished: where the speech is silent is not known."] };
    }

    /// <summary>As if there were a silence wherever one is wished.</summary>
    private static IEnumerable<Silence> SilencesEvery(double seconds, long samples)
    {
        var step = (long)(seconds * WindowArithmetic.SpeechSampleRate);
        for (var at = step; at < samples; at += step)
        {
            yield return new Silence(at - (Silence.MinSamples / 2), Silence.MinSamples);
        }
    }
}
