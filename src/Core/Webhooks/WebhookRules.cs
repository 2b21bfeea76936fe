using WanTalk.Core.Errors;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Webhooks;

/// <summary>Reads what a draft says of its webhook, and refuses what cannot be. Whether the address may be called is found out by the call.</summary>
public static class WebhookRules
{
    /// <summary>The webhook that a draft asks for; null for none.</summary>
    /// <param name="draft">A draft that <see cref="Validate"/> finds nothing in.</param>
    public static WebhookRequest? RequestOf(TalkDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return draft.WebhookUrl is { } url ? new WebhookRequest(new Uri(url), draft.WebhookEvents ?? WebhookEvents.Ends) : null;
    }

    /// <summary>All that is wrong with what a draft says of its webhook.</summary>
    public static IReadOnlyList<TalkError> Validate(TalkDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var problems = new List<TalkError>();
        if (draft.WebhookUrl is { } url)
        {
            TalkRequestValidator.CheckUrl("webhook_url", url, problems);
        }
        else if (draft.WebhookEvents is not null)
        {
            problems.Add(new(ErrorCode.SettingsConflict, "webhook_events is for a webhook. Give webhook_url with it, or leave it out.", "webhook_events"));
        }

        foreach (var unknown in draft.WebhookEvents?.Except(WebhookEvents.All) ?? [])
        {
            problems.Add(new(ErrorCode.ArgumentInvalid, $"There is no event '{unknown}'. The events are {string.Join(", ", WebhookEvents.All)}.", "webhook_events"));
        }

        return problems;
    }
}
