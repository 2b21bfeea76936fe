namespace WanTalk.Core.Uploads;

/// <summary>
/// Where uploads are sent: straight to the account of the artifacts, or to this server. What was sent is the artifact
/// <see cref="UploadPaths.Of"/>, as a whole or not at all, and never changes.
/// </summary>
public interface IUploadStore
{
    /// <summary>The most bytes that fit into one upload there.</summary>
    long MostBytes { get; }

    /// <summary>Makes an address that takes one upload from whoever has it, and nothing else. Nothing is stored.</summary>
    /// <param name="grant">What it takes.</param>
    /// <param name="server">This server's address as its caller reached it, without a slash behind.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    /// <exception cref="Errors.TalkException"><see cref="Errors.ErrorCode.StorageUnavailable"/>: the account does not answer, or refuses.</exception>
    Task<UploadTarget> AuthoriseAsync(UploadGrant grant, string server, CancellationToken cancellationToken);

    /// <summary>Takes an upload that was sent to this server.</summary>
    /// <param name="id">What stands for the id in its address.</param>
    /// <param name="token">What authorises it; null when there is nothing.</param>
    /// <param name="length">How many bytes it is said to have; null when that is not said.</param>
    /// <param name="content">Its bytes; no more is read of them than is allowed.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    /// <exception cref="Errors.TalkException">
    /// <see cref="Errors.ErrorCode.UploadForbidden"/>: it is not authorised, or not any more; <see cref="Errors.ErrorCode.RequestTooLarge"/>;
    /// <see cref="Errors.ErrorCode.UploadSent"/>: it was sent already, or is being sent.
    /// </exception>
    Task ReceiveAsync(string id, string? token, long? length, Stream content, CancellationToken cancellationToken);
}

/// <summary>What an address takes.</summary>
/// <param name="Id">The upload's id.</param>
/// <param name="MaxBytes">The most bytes.</param>
/// <param name="SendBefore">Until when a request may begin.</param>
public sealed record UploadGrant(string Id, long MaxBytes, DateTimeOffset SendBefore);

/// <summary>How an upload is sent.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Url">The address, which is a secret: who has it may send.</param>
/// <param name="Headers">The headers that the request needs.</param>
public sealed record UploadTarget(string Method, string Url, IReadOnlyDictionary<string, string> Headers);
