using System.Security.Cryptography;
using System.Text;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Fetching;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Quotes;
using WanTalk.Core.Sampling;
using WanTalk.Core.Takes;
using WanTalk.Core.Telemetry;
using WanTalk.Core.Webhooks;
using WanTalk.Core.Workflows;

namespace WanTalk.Core.Talks;

/// <summary>Accepts talks: checks the draft, stores the inputs and the request, and starts the orchestration.</summary>
/// <param name="store">The artifacts.</param>
/// <param name="orchestrations">Where the talk is carried.</param>
/// <param name="rules">How its orchestration waits.</param>
/// <param name="webhooks">How webhooks are signed; null for a host that sends none.</param>
public sealed class TalkIntake(IArtifactStore store, IOrchestrationClient orchestrations, WaitRules rules, WebhookOptions? webhooks = null)
{
    private static readonly OrchestrationStatus[] EveryStatus = Enum.GetValues<OrchestrationStatus>();

    private static readonly TalkError Unavailable = new(ErrorCode.WebhookUnavailable,
        $"This host signs no webhooks. Leave webhook_url out and ask for the talk's status, or have the operator set {WebhookSigner.SecretsVariable}.",
        "webhook_url");

    private readonly PrivateHosts _privateHosts = new(webhooks?.PrivateHosts ?? []);

    /// <summary>Checks a draft and completes it; nothing is stored yet.</summary>
    /// <param name="draft">What the caller asks for.</param>
    /// <param name="time">The clock of acceptance.</param>
    /// <param name="problems">All that is wrong with it; empty when a request is returned.</param>
    /// <returns>The request; null when there are problems.</returns>
    public static TalkRequest? Check(TalkDraft draft, TimeProvider time, out IReadOnlyList<TalkError> problems)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return Complete(draft, time, draft.AudioSeconds is null ? [] : [QuoteRules.OnlyForQuotes], out problems);
    }

    /// <summary>Checks a draft as <see cref="Check"/> does, for a dry run, which may say how long the speech is.</summary>
    public static TalkRequest? CheckForDryRun(TalkDraft draft, TimeProvider time, out IReadOnlyList<TalkError> problems) =>
        Complete(draft, time, QuoteRules.Validate(draft), out problems);

    /// <summary>Checks a draft as <see cref="CheckForDryRun"/> does, for a quote, whose inputs may be missing.</summary>
    public static TalkRequest? CheckForQuote(TalkDraft draft, TimeProvider time, out IReadOnlyList<TalkError> problems) =>
        Complete(draft, time, QuoteRules.Validate(draft), out problems, QuoteRules.MayBeMissing);

    /// <summary>Checks a draft as <see cref="Check"/> does, for a preflight, which looks at one input alone when the other is missing.</summary>
    public static TalkRequest? CheckForPreflight(TalkDraft draft, TimeProvider time, out IReadOnlyList<TalkError> problems)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var hasPortrait = draft is not { Portrait: null, PortraitUrl: null, PortraitUpload: null };
        var hasSpeech = draft is not { Speech: null, SpeechUrl: null, SpeechUpload: null };
        return Complete(
            draft, time, draft.AudioSeconds is null ? [] : [QuoteRules.OnlyForQuotes], out problems, hasPortrait || hasSpeech ? QuoteRules.MayBeMissing : []);
    }

    /// <summary>Stores a checked request with its inputs, and starts the talk.</summary>
    /// <param name="request">From <see cref="Check"/>.</param>
    /// <param name="portrait">The portrait's bytes, read to the end; null when the request has its address or upload.</param>
    /// <param name="speech">The speech's bytes, read to the end; null when the request has its address or upload.</param>
    /// <param name="workflow">The draft's workflow; null for none.</param>
    /// <param name="cancellationToken">Gives up; what was stored is deleted.</param>
    /// <exception cref="TalkException">It asks for a webhook, and this host cannot sign any.</exception>
    public async Task AcceptAsync(
        TalkRequest request, Stream? portrait, Stream? speech, string? workflow, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        DemandWebhook(request);
        using var span = TalkTelemetry.Accept(request.Id);
        request = request with { TraceParent = span?.Id };
        var paths = new TalkPaths(request.Id);
        try
        {
            if (portrait is not null)
            {
                await store.WriteAsync(paths.SourcePortrait, portrait, cancellationToken);
            }

            if (speech is not null)
            {
                await store.WriteAsync(paths.SourceSpeech, speech, cancellationToken);
            }

            if (workflow is not null)
            {
                using var content = new MemoryStream(Encoding.UTF8.GetBytes(workflow), writable: false);
                await store.WriteAsync(paths.Workflow, content, cancellationToken);
            }

            await store.WriteJsonAsync(paths.Request, request, cancellationToken);
            await StartAsync(request, cancellationToken);
        }
        catch
        {
            await store.DeleteFolderAsync(paths.Root, CancellationToken.None);
            throw;
        }
    }

    /// <summary>
    /// Starts the talk of a checked request whose inputs are named by address, unless it was started before: again with the same body is the
    /// same talk, and goes on where an earlier call broke off.
    /// </summary>
    /// <param name="request">From <see cref="Check"/>, with an id and the hash of the body that it was read from.</param>
    /// <param name="workflow">The draft's workflow; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TalkException">
    /// Another body was accepted under this id, or it asks for a webhook and this host cannot sign any.
    /// </exception>
    public async Task AcceptOnceAsync(TalkRequest request, string? workflow, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        DemandWebhook(request);
        using var span = TalkTelemetry.Accept(request.Id);
        request = request with { TraceParent = span?.Id };
        var paths = new TalkPaths(request.Id);
        if (!await store.TryCreateJsonAsync(paths.Request, request, cancellationToken)
            && (await store.ReadJsonAsync<TalkRequest>(paths.Request, cancellationToken)).BodySha256 != request.BodySha256)
        {
            throw new TalkException(ErrorCode.TalkStateConflict,
                $"The id of this request belongs to another one, which became the talk {request.Id}. Give each request an id of its own.");
        }

        if (workflow is not null)
        {
            using var content = new MemoryStream(Encoding.UTF8.GetBytes(workflow), writable: false);
            await store.TryCreateAsync(paths.Workflow, content, cancellationToken);
        }

        await StartAsync(request, cancellationToken);
    }

    /// <summary>What this host refuses of a draft's webhook, beside what is wrong with the draft anyway; empty for none.</summary>
    public IReadOnlyList<TalkError> RefusalsOf(TalkDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return draft.WebhookUrl is null
            ? []
            : [.. webhooks?.Signer is null ? [Unavailable] : (TalkError[])[], .. RefusalsOfWebhook("webhook_url", draft.WebhookUrl)];
    }

    /// <summary>
    /// That a webhook cannot be called, as far as its address alone tells; empty when it does not. It is looked at again by each call, whose
    /// connection knows where a name leads.
    /// </summary>
    /// <param name="field">What the caller calls it.</param>
    /// <param name="address">The address; one that is none is refused elsewhere.</param>
    public IReadOnlyList<TalkError> RefusalsOfWebhook(string field, string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Host.Length > 0 && InputAddress.IsPrivate(url, _privateHosts)
            ? [new TalkError(ErrorCode.AddressForbidden,
                $"The {field} is not on the public internet. Give an address that is, or have the operator name its host in WANTALK_PRIVATE_HOSTS.", field)]
            : [];

    /// <summary>A webhook that nobody could trust is not promised.</summary>
    /// <exception cref="TalkException">The request asks for a webhook, and this host cannot sign any.</exception>
    public void DemandWebhook(TalkRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Webhook is not null && webhooks?.Signer is null)
        {
            throw new TalkException(Unavailable);
        }
    }

    private static TalkRequest? Complete(
        TalkDraft draft, TimeProvider time, IEnumerable<TalkError> first, out IReadOnlyList<TalkError> problems, params IReadOnlyCollection<ErrorCode> ignored)
    {
        ArgumentNullException.ThrowIfNull(time);
        List<TalkError> found = [.. first];
        draft = WorkflowDraft.Complete(draft, found);
        found.AddRange(TalkRequestValidator.Validate(draft));
        problems = [.. found.Where(problem => !ignored.Contains(problem.Code))];
        if (problems.Count > 0)
        {
            return null;
        }

        var requested = TalkRequestValidator.RequestedSizeOf(draft);
        return new TalkRequest
        {
            Id = TalkId.New(),
            CreatedAt = time.GetUtcNow(),
            PortraitName = draft.Portrait?.Name ?? NameIn(draft.PortraitUrl),
            SpeechName = draft.Speech?.Name ?? NameIn(draft.SpeechUrl),
            PortraitUrl = draft.PortraitUrl is { } portrait ? new Uri(portrait) : null,
            SpeechUrl = draft.SpeechUrl is { } speech ? new Uri(speech) : null,
            PortraitUpload = draft.PortraitUpload,
            SpeechUpload = draft.SpeechUpload,
            RequestedSize = requested,
            EffectiveSize = requested.ToEffective(),
            Seed = draft.Seed is { } seed and not 0 ? seed : DrawSeed(),
            Prompt = string.IsNullOrWhiteSpace(draft.Prompt) ? TalkLimits.DefaultPrompt : draft.Prompt,
            NegativePrompt = draft.NegativePrompt,
            Cut = SpeechCut.Of(draft),
            Webhook = WebhookRules.RequestOf(draft),
            Metadata = draft.Metadata ?? new Dictionary<string, string>(),
            ExpiresIn = draft.ExpiresIn,
            Continuity = TakeRules.ContinuityOf(draft),
            Stream = draft.Stream,
            TakeSeconds = draft.TakeSeconds ?? TakeLimits.DefaultSeconds,
            Sampling = SamplingRules.Complete(draft.Sampling, draft.DefaultPreset),
            OnePrompt = draft.Workflow is not null,
            Warnings = [.. WarningsFor(requested)],
        };
    }

    /// <summary>Starts the orchestration; one that is there already, in whatever state, stays as it is.</summary>
    private Task<bool> StartAsync(TalkRequest request, CancellationToken cancellationToken) =>
        orchestrations.ScheduleNewOrchestrationInstanceAsync(
            TalkOrchestration.Name, request.Id, TalkStart.InputOf(request, rules, request.CreatedAt), EveryStatus, cancellationToken);

    /// <summary>The last part of an address's path, which is the file's name as a rule.</summary>
    private static string NameIn(string? url) =>
        url is not null && Path.GetFileName(Uri.UnescapeDataString(new Uri(url).Segments[^1].TrimEnd('/'))) is { Length: > 0 } name ? name : "input";

    private static IEnumerable<string> WarningsFor(FrameSize requested)
    {
        var effective = requested.ToEffective();
        if (effective != requested)
        {
            yield return $"The size {requested} was made {effective}: the model makes sides in multiples of {FrameSize.SideMultiple}.";
        }

        if (effective.Pixels > TalkLimits.WarnPixels)
        {
            yield return $"{effective} has {effective.Pixels} pixels; above {TalkLimits.WarnPixels} the 480p model's pictures get worse.";
        }
    }

    private static long DrawSeed() =>
        (long)(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) & (ulong)TalkLimits.MaxSeed);
}
