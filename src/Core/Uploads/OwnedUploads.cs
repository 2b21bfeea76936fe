using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Json;
using WanTalk.Core.Owners;
using WanTalk.Core.Records;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Uploads;

/// <summary>Uploads as a caller has them: those of others are not there for him.</summary>
/// <param name="uploads">Where they are sent.</param>
/// <param name="artifacts">Where they are.</param>
/// <param name="records">Whose they are.</param>
/// <param name="options">What callers may upload.</param>
/// <param name="time">The clock.</param>
public sealed class OwnedUploads(IUploadStore uploads, IArtifactStore artifacts, IRecordStore records, UploadOptions options, TimeProvider time)
{
    /// <summary>Authorises an upload.</summary>
    /// <param name="caller">Who asks, and owns it.</param>
    /// <param name="server">This server's address as its caller reached it, without a slash behind.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    /// <exception cref="LimitedException">The caller has as many uploads as he may.</exception>
    public async Task<AuthorisedUpload> AuthoriseAsync(Caller caller, string server, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var now = time.GetUtcNow();
        var id = UploadId.New(now + UploadOptions.UseWithin);
        var grant = new UploadGrant(id, Math.Min(options.MaxBytes, uploads.MostBytes), now + UploadOptions.SendWithin);
        var target = await uploads.AuthoriseAsync(grant, server, cancellationToken);
        await AddAsync(caller, new UploadEntry(id, caller.Name, grant.MaxBytes), cancellationToken);
        return new AuthorisedUpload(
            id, UploadReference.Of(id), target.Method, target.Url, target.Headers, grant.SendBefore, grant.MaxBytes, UploadId.UsableUntil(id));
    }

    /// <summary>
    /// Puts the uploads that a draft names as its inputs into it, as files would be: so they are checked with it. One that cannot be used is
    /// named, and not missed a second time.
    /// </summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="draft">What he asks for.</param>
    /// <param name="problems">Is told why an upload cannot be used.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    public async Task<TalkDraft> ResolveAsync(Caller caller, TalkDraft draft, ICollection<TalkError> problems, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(problems);
        if (UploadReference.IsMeant(draft.PortraitUrl))
        {
            var id = UploadReference.IdIn(draft.PortraitUrl!);
            var portrait = await FindAsync(caller, id, TalkField.ImageUrl, problems, cancellationToken);
            draft = draft with { PortraitUrl = null, PortraitUpload = id, Portrait = portrait };
        }

        if (UploadReference.IsMeant(draft.SpeechUrl))
        {
            var id = UploadReference.IdIn(draft.SpeechUrl!);
            var speech = await FindAsync(caller, id, TalkField.AudioUrl, problems, cancellationToken);
            draft = draft with { SpeechUrl = null, SpeechUpload = id, Speech = speech };
        }

        return draft;
    }

    /// <summary>Opens the upload that is a draft's speech, for a quote.</summary>
    /// <param name="draft">From <see cref="ResolveAsync"/>, without problems.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    /// <returns>Null when the speech is no upload.</returns>
    public async Task<Stream?> OpenSpeechAsync(TalkDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return draft.SpeechUpload is { } id ? await artifacts.OpenReadAsync(UploadPaths.Of(id), cancellationToken) : null;
    }

    private async Task<InputFacts?> FindAsync(
        Caller caller, string id, string field, ICollection<TalkError> problems, CancellationToken cancellationToken)
    {
        var entry = UploadId.IsValid(id) && await records.ReadAsync(UploadPaths.Of(id), cancellationToken) is { } stored
            ? CoreJson.FromBytes<UploadEntry>(stored.Content.Span)
            : null;
        if (entry is null || (entry.Owner != caller.Name && !caller.SeesAll))
        {
            return Refuse(ErrorCode.UploadNotFound, "is none of yours. Give the 'upload' that POST /api/uploads answered this API key with");
        }

        if (UploadId.UsableUntil(id) <= time.GetUtcNow())
        {
            return Refuse(ErrorCode.UploadExpired, $"could be used until {UploadId.UsableUntil(id):u}. Upload the file again, with another POST /api/uploads");
        }

        if (await artifacts.GetPropertiesAsync(UploadPaths.Of(id), cancellationToken) is not { } file)
        {
            return Refuse(ErrorCode.UploadNotSent, "is not there yet. Send the file to its url first, to the end");
        }

        return file.Length > entry.MaxBytes
            ? Refuse(ErrorCode.RequestTooLarge, $"has {file.Length} bytes. Upload a file of at most {entry.MaxBytes}, with another POST /api/uploads")
            : new InputFacts(UploadReference.Of(id), file.Length, await HeadOfAsync(file, cancellationToken));

        InputFacts? Refuse(ErrorCode code, string what)
        {
            problems.Add(new TalkError(code, $"The upload in {field} {what}.", field));
            return null;
        }
    }

    private async Task<ReadOnlyMemory<byte>> HeadOfAsync(ArtifactProperties file, CancellationToken cancellationToken)
    {
        await using var content = await artifacts.OpenReadRangeAsync(file.Path, 0, InputFacts.HeadBytes, cancellationToken) ?? Stream.Null;
        var head = new byte[InputFacts.HeadBytes];
        var read = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        return head.AsMemory(0, read);
    }

    /// <summary>
    /// Writes an upload down as its owner's. The limit holds because each is written down before it is counted: of two that come at once at
    /// least one sees the other.
    /// </summary>
    private async Task AddAsync(Caller caller, UploadEntry entry, CancellationToken cancellationToken)
    {
        var owned = UploadPaths.OwnedBy(caller.Name);
        var content = CoreJson.ToBytes(entry);
        try
        {
            await records.TryWriteAsync(UploadPaths.Of(entry.Id), content, null, cancellationToken);
            await records.TryWriteAsync(owned / entry.Id, content, null, cancellationToken);
            var usable = await UsableAsync(owned, cancellationToken);
            if (usable.Count > options.MostPerCaller)
            {
                throw new LimitedException(
                    new TalkError(ErrorCode.TooManyUploads,
                        $"{options.MostPerCaller} uploads within a day are allowed, and there are as many. Wait as long as Retry-After says, or use them again."),
                    UploadId.UsableUntil(usable[0]) - time.GetUtcNow());
            }
        }
        catch
        {
            await records.DeleteAsync(owned / entry.Id, CancellationToken.None);
            await records.DeleteAsync(UploadPaths.Of(entry.Id), CancellationToken.None);
            throw;
        }
    }

    private async Task<List<string>> UsableAsync(ArtifactPath owned, CancellationToken cancellationToken)
    {
        var (ids, now) = (new List<string>(), time.GetUtcNow());
        await foreach (var name in records.ListAsync(owned, null, cancellationToken))
        {
            var id = name.Value[(name.Value.LastIndexOf('/') + 1)..];
            if (UploadId.UsableUntil(id) > now)
            {
                ids.Add(id);
            }
        }

        return ids;
    }
}
