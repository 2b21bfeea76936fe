using System.Security.Cryptography;
using System.Text;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Owners;

/// <summary>Talks as a caller has them: those of others are not there for him.</summary>
/// <param name="intake">Accepts talks.</param>
/// <param name="control">Cancels, retries and deletes them.</param>
/// <param name="reader">Reads them.</param>
/// <param name="index">Who owns what.</param>
/// <param name="time">The clock.</param>
/// <param name="aloneSince">
/// Since when no other host accepts talks: a request that was being accepted before has died with its host. Null where there are others.
/// </param>
public sealed class OwnedTalks(
    TalkIntake intake, TalkControl control, TalkReader reader, TalkIndex index, TimeProvider time, DateTimeOffset? aloneSince = null)
{
    /// <summary>The most characters of an idempotency key.</summary>
    public const int MaxKeyLength = 255;

    // A request that uploads ten hours of speech takes its time; behind that it has died.
    private static readonly TimeSpan LongestAcceptance = TimeSpan.FromMinutes(10);

    /// <summary>Accepts a checked request, or finds the talk that it led to before.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="request">From <see cref="TalkIntake.Check"/>.</param>
    /// <param name="inputs">What came with it.</param>
    /// <param name="idempotencyKey">The caller's name for the request; null for none.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    /// <returns>The talk's id, and whether it was there before.</returns>
    /// <exception cref="TalkException">The key was used with another request.</exception>
    /// <exception cref="LimitedException">The caller has as many talks under way as he may.</exception>
    public async Task<(string Talk, bool Again)> AcceptAsync(
        Caller caller, TalkRequest request, TalkInputs inputs, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(inputs);
        if (idempotencyKey is null)
        {
            await AcceptNewAsync(caller, request, inputs, idempotencyKey, cancellationToken);
            return (request.Id, false);
        }

        if (idempotencyKey.Length is 0 or > MaxKeyLength)
        {
            throw new TalkException(new TalkError(
                ErrorCode.ArgumentInvalid, $"The Idempotency-Key has {idempotencyKey.Length} characters. Give 1 to {MaxKeyLength}.", "Idempotency-Key"));
        }

        var entry = new IdempotencyEntry(request.Id, await HashOfAsync(inputs, cancellationToken), time.GetUtcNow());
        while (await index.ClaimKeyAsync(caller.Name, idempotencyKey, entry, cancellationToken) is { } before)
        {
            if (await KnownAsync(before, entry, cancellationToken))
            {
                return (before.Talk, true);
            }

            await index.ReleaseKeyAsync(caller.Name, idempotencyKey, cancellationToken);
        }

        try
        {
            await AcceptNewAsync(caller, request, inputs, idempotencyKey, cancellationToken);
            return (request.Id, false);
        }
        catch
        {
            await index.ReleaseKeyAsync(caller.Name, idempotencyKey, CancellationToken.None);
            throw;
        }
    }

    /// <summary>What this host refuses of a draft, beside what is wrong with it anyway, whoever asks and whatever he has under way.</summary>
    public IReadOnlyList<TalkError> RefusalsOf(TalkDraft draft) => intake.RefusalsOf(draft);

    /// <summary>That a webhook cannot be called, as <see cref="TalkIntake.RefusalsOfWebhook"/>.</summary>
    public IReadOnlyList<TalkError> RefusalsOfWebhook(string field, string address) => intake.RefusalsOfWebhook(field, address);

    /// <summary>Reads a talk; null when there is none, or when it is another's.</summary>
    public async Task<TalkView?> ReadAsync(Caller caller, string talk, CancellationToken cancellationToken) =>
        await IsVisibleAsync(caller, talk, cancellationToken) ? await reader.ReadAsync(talk, cancellationToken) : null;

    /// <summary>A page of the caller's talks, newest first; those whose time is over are left out.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="status">Only those in this state; null for all. A page may have fewer talks than were asked for, and even none.</param>
    /// <param name="size">How many talks are looked at, 1 to <see cref="TalkIndex.MaxPageSize"/>.</param>
    /// <param name="after">What the page before said of the next one; null for the first.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    public async Task<(IReadOnlyList<TalkView> Talks, string? Next)> ListAsync(
        Caller caller, TalkStatus? status, int size, string? after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var page = await index.ListAsync(caller.Name, size, after, cancellationToken);
        var views = new List<TalkView>();
        foreach (var entry in page.Talks)
        {
            if (await reader.ReadAsync(entry.Id, cancellationToken) is { } view && (status is null || view.Status == status))
            {
                views.Add(view);
            }
        }

        return (views, page.Next);
    }

    /// <summary>Cancels a talk.</summary>
    /// <exception cref="TalkException">There is no such talk of the caller's, or it has ended otherwise.</exception>
    public async Task CancelAsync(Caller caller, string talk, CancellationToken cancellationToken)
    {
        await DemandAsync(caller, talk, cancellationToken);
        await control.CancelAsync(talk, cancellationToken);
    }

    /// <summary>Starts a failed or cancelled talk again; it goes on from its first missing artifact.</summary>
    /// <returns>False when it is under way.</returns>
    /// <exception cref="TalkException">There is no such talk of the caller's, or it is completed.</exception>
    /// <exception cref="LimitedException">The caller has as many talks under way as he may.</exception>
    public async Task<bool> RetryAsync(Caller caller, string talk, CancellationToken cancellationToken)
    {
        await DemandAsync(caller, talk, cancellationToken);
        var view = await reader.ReadAsync(talk, cancellationToken) ?? throw NotFound(talk);
        if (view.Status == TalkStatus.Completed)
        {
            throw new TalkException(ErrorCode.TalkStateConflict, $"The talk {talk} is completed; its video is there. Make another talk for another video.");
        }

        if (!view.Status.HasEnded())
        {
            return false;
        }

        var owner = await index.FindAsync(talk, cancellationToken);
        if (owner is not null)
        {
            await index.StartAsync(caller with { Name = owner.Owner }, talk, HasEndedAsync, cancellationToken);
        }

        return await control.RetryAsync(talk, cancellationToken);
    }

    /// <summary>Deletes an ended talk with its artifacts and its history.</summary>
    /// <exception cref="TalkException">There is no such talk of the caller's, or it has not ended.</exception>
    public async Task DeleteAsync(Caller caller, string talk, CancellationToken cancellationToken)
    {
        await DemandAsync(caller, talk, cancellationToken);
        await control.DeleteAsync(talk, cancellationToken);
        if (await index.FindAsync(talk, cancellationToken) is { } entry)
        {
            await index.RemoveAsync(entry, cancellationToken);
        }
    }

    /// <summary>Refuses who asks for what is not his.</summary>
    /// <exception cref="TalkException">There is no such talk of the caller's.</exception>
    public async Task DemandAsync(Caller caller, string talk, CancellationToken cancellationToken)
    {
        if (!await IsVisibleAsync(caller, talk, cancellationToken))
        {
            throw NotFound(talk);
        }
    }

    private async Task AcceptNewAsync(Caller caller, TalkRequest request, TalkInputs inputs, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var entry = new TalkEntry(request.Id, caller.Name, request.CreatedAt, idempotencyKey is null ? null : TalkIndex.HashOf(idempotencyKey));
        await index.AddAsync(caller, entry, HasEndedAsync, cancellationToken);
        try
        {
            await using var portrait = inputs.Portrait?.Invoke();
            await using var speech = inputs.Speech?.Invoke();
            await intake.AcceptAsync(request, portrait, speech, inputs.Draft.Workflow, cancellationToken);
        }
        catch
        {
            await index.RemoveAsync(entry, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Whether a key leads to a talk that is there. One whose talk is gone, or never came, is free again.</summary>
    private async Task<bool> KnownAsync(IdempotencyEntry before, IdempotencyEntry now, CancellationToken cancellationToken)
    {
        if (await reader.ReadAsync(before.Talk, cancellationToken) is null)
        {
            return now.At - before.At < LongestAcceptance && !(before.At < aloneSince)
                ? throw new TalkException(ErrorCode.IdempotencyConflict,
                    "A request with this Idempotency-Key is being accepted. Send it again in a few seconds; it leads to the same talk.")
                : false;
        }

        return before.RequestSha256 == now.RequestSha256
            ? true
            : throw new TalkException(ErrorCode.IdempotencyConflict,
                $"This Idempotency-Key was used with another request, which became the talk {before.Talk}. Give each request a key of its own.");
    }

    /// <summary>Of all that the caller asked for: what he left out, and is drawn or filled in, is not his request.</summary>
    private static async Task<string> HashOfAsync(TalkInputs inputs, CancellationToken cancellationToken)
    {
        var draft = inputs.Draft with { Portrait = null, Speech = null };
        var parts = new StringBuilder(Convert.ToHexString(SHA256.HashData(CoreJson.ToBytes(draft))));
        foreach (var open in new[] { inputs.Portrait, inputs.Speech })
        {
            if (open is not null)
            {
                await using var content = open();
                parts.Append(' ').Append(Convert.ToHexString(await SHA256.HashDataAsync(content, cancellationToken)));
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(parts.ToString())));
    }

    /// <summary>Whether a talk has ended, or never came: its host died while it was being accepted.</summary>
    private async Task<bool> HasEndedAsync(string talk, CancellationToken cancellationToken) =>
        await reader.ReadAsync(talk, cancellationToken) is { } view
            ? view.Status.HasEnded()
            : await index.FindAsync(talk, cancellationToken) is not { } entry || time.GetUtcNow() - entry.CreatedAt >= LongestAcceptance;

    private async Task<bool> IsVisibleAsync(Caller caller, string talk, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return TalkId.IsValid(talk) && (caller.SeesAll || (await index.FindAsync(talk, cancellationToken))?.Owner == caller.Name);
    }

    private static TalkException NotFound(string talk) => new(ErrorCode.TalkNotFound, $"There is no talk '{talk}'.");
}

/// <summary>What a request for a talk brings.</summary>
/// <param name="Draft">What is asked for.</param>
/// <param name="Portrait">Opens the portrait; null when its address is given.</param>
/// <param name="Speech">Opens the speech; null when its address is given.</param>
public sealed record TalkInputs(TalkDraft Draft, Func<Stream>? Portrait, Func<Stream>? Speech);
