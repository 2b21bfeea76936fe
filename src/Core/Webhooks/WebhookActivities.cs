using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Orchestration;
using WanTalk.Core.RunPod;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;

namespace WanTalk.Core.Webhooks;

/// <summary>
/// Makes webhooks and sends them; the same in every host. Each may run more than once. A webhook's body is an artifact, written once: every
/// attempt sends the same bytes, whichever version of the host makes it.
/// </summary>
/// <param name="store">The artifacts.</param>
/// <param name="sender">Calls receivers.</param>
/// <param name="options">How they are signed and sent.</param>
/// <param name="time">The clock of events and attempts.</param>
public sealed class WebhookActivities(IArtifactStore store, IWebhookSender sender, WebhookOptions options, TimeProvider time)
{
    private static readonly OrchestrationStatus[] EveryStatus = Enum.GetValues<OrchestrationStatus>();

    /// <summary>Those of RunPod's contract.</summary>
    public RunPodWebhook RunPod { get; } = new(store, sender, options.Signer, time);

    /// <summary>Starts the orchestration that tells a talk's end, if its webhook is to be called for it.</summary>
    /// <param name="id">The webhook's id: the same each time that this end is told.</param>
    /// <param name="request">What the caller asked for.</param>
    /// <param name="end">How the talk ended.</param>
    /// <param name="orchestrations">Where it is started.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it is to be called.</returns>
    public async Task<bool> StartEndAsync(
        string id, TalkRequest request, TalkEnd end, IOrchestrationClient orchestrations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(end);
        ArgumentNullException.ThrowIfNull(orchestrations);
        var type = end.Status switch
        {
            TalkStatus.Completed => WebhookEvents.Completed,
            TalkStatus.Cancelled => WebhookEvents.Cancelled,
            _ => WebhookEvents.Failed,
        };
        if (!Wants(request, type)
            || await new TalkReader(store, orchestrations).ReadAsync(request.Id, cancellationToken) is not { } view)
        {
            return false;
        }

        // The orchestration that asks has not ended yet, so that the view does not know the end.
        var data = WebhookData.Of(request, view with { Status = end.Status, Video = end.Video, Error = end.Error });
        await StoreAsync(request.Id, id, new WebhookBody(type, time.GetUtcNow(), data), cancellationToken);
        await StartAsync(new WebhookInput(request.Id, id, options.EndPatience), orchestrations, cancellationToken);
        return true;
    }

    /// <summary>
    /// Starts the orchestration that tells how far a talk has come, if its webhook is to be called for that, windows were committed since it
    /// was told last, and that is <see cref="WebhookOptions.ProgressSeconds"/> ago. A host calls it when it looks at an attempt. Progress may
    /// be missed: what fails here does not fail the look, nor the talk.
    /// </summary>
    /// <returns>Whether progress is told now.</returns>
    public async Task<bool> TellProgressAsync(WorkReference work, IOrchestrationClient orchestrations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(orchestrations);
        try
        {
            return work.Stage == Stage.Sample && await ProgressAsync(work.Talk, orchestrations, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Makes one attempt to deliver a webhook.</summary>
    public async Task<WebhookAttempt> DeliverAsync(WebhookReference webhook, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(webhook);
        if (webhook.IsRunPod)
        {
            return await RunPod.DeliverAsync(webhook, cancellationToken);
        }

        var paths = new TalkPaths(webhook.Talk);
        if (await store.ExistsAsync(paths.WebhookDisabled, cancellationToken))
        {
            return new WebhookAttempt(WebhookOutcome.Disabled, "The receiver answered 410 before.");
        }

        if (await store.TryReadJsonAsync<TalkRequest>(paths.Request, cancellationToken) is not { Webhook.Url: { } url }
            || await ReadAsync(paths.WebhookBody(webhook.Id), cancellationToken) is not { } body)
        {
            return new WebhookAttempt(WebhookOutcome.Gone, "The talk was deleted.");
        }

        if (options.Signer is not { } signer)
        {
            return new WebhookAttempt(WebhookOutcome.Failed, $"This host has no {WebhookSigner.SecretsVariable} any more.");
        }

        var now = time.GetUtcNow();
        try
        {
            var message = new WebhookMessage(url, webhook.Id, now, signer.Sign(webhook.Id, now, body), body);
            return await JudgeAsync(paths, await sender.SendAsync(message, cancellationToken), cancellationToken);
        }
        catch (TalkException forbidden) when (forbidden.Error.Code == ErrorCode.AddressForbidden)
        {
            return new WebhookAttempt(WebhookOutcome.Forbidden, forbidden.Error.Message);
        }
    }

    private async Task<WebhookAttempt> JudgeAsync(TalkPaths paths, WebhookAnswer answer, CancellationToken cancellationToken)
    {
        switch (answer.Status)
        {
            case >= 200 and < 300:
                return new WebhookAttempt(WebhookOutcome.Delivered, answer.What);
            case 410:
                await store.TryCreateJsonAsync(paths.WebhookDisabled, new WebhookDisabled(time.GetUtcNow()), cancellationToken);
                return new WebhookAttempt(WebhookOutcome.Disabled, answer.What);
            default:
                return new WebhookAttempt(WebhookOutcome.Failed, answer.What, answer.RetryAfter?.TotalSeconds);
        }
    }

    private async Task<bool> ProgressAsync(string talk, IOrchestrationClient orchestrations, CancellationToken cancellationToken)
    {
        var (paths, now) = (new TalkPaths(talk), time.GetUtcNow());
        if (await store.TryReadJsonAsync<TalkRequest>(paths.Request, cancellationToken) is not { } request || !Wants(request, WebhookEvents.Progress))
        {
            return false;
        }

        var told = await store.TryReadJsonAsync<WebhookProgress>(paths.WebhookProgress, cancellationToken) ?? new WebhookProgress(DateTimeOffset.MinValue, 0);
        if ((now - told.At).TotalSeconds < options.ProgressSeconds
            || await new TalkReader(store, orchestrations).ReadAsync(talk, cancellationToken) is not { } view || view.WindowsDone <= told.WindowsDone)
        {
            return false;
        }

        // Takes are looked at side by side. Of two looks that count the same windows, one stores the body and starts its orchestration.
        var id = $"{talk}-progress-{view.WindowsDone:00000}";
        await store.WriteJsonAsync(paths.WebhookProgress, new WebhookProgress(now, view.WindowsDone), cancellationToken);
        if (!await StoreAsync(talk, id, new WebhookBody(WebhookEvents.Progress, now, WebhookData.Of(request, view)), cancellationToken))
        {
            return false;
        }

        await StartAsync(new WebhookInput(talk, id, options.ProgressPatience), orchestrations, cancellationToken);
        return true;
    }

    private static bool Wants(TalkRequest request, string type) => request.Webhook?.Events.Contains(type) == true;

    private Task<bool> StoreAsync(string talk, string id, WebhookBody body, CancellationToken cancellationToken) =>
        store.TryCreateJsonAsync(new TalkPaths(talk).WebhookBody(id), body, cancellationToken);

    private static Task<bool> StartAsync(WebhookInput input, IOrchestrationClient orchestrations, CancellationToken cancellationToken) =>
        orchestrations.ScheduleNewOrchestrationInstanceAsync(WebhookOrchestration.Name, input.Id, input, EveryStatus, cancellationToken);

    private async Task<byte[]?> ReadAsync(ArtifactPath path, CancellationToken cancellationToken)
    {
        await using var content = await store.OpenReadAsync(path, cancellationToken);
        if (content is null)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }
}

/// <summary>Says that a talk's webhook is called no more.</summary>
/// <param name="At">When its receiver said so.</param>
public sealed record WebhookDisabled(DateTimeOffset At);

/// <summary>Which progress of a talk was told last.</summary>
/// <param name="At">When.</param>
/// <param name="WindowsDone">The windows that were committed then.</param>
public sealed record WebhookProgress(DateTimeOffset At, int WindowsDone);
