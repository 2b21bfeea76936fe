using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Uploads;

namespace WanTalk.Storage.Local;

/// <summary>
/// Uploads that are sent to this server: <c>PUT /api/uploads/{id}?token={second}.{bytes}.{signature}</c>. The token says until when sending may
/// begin and how many bytes there may be; its signature is HMAC-SHA-256 (RFC 2104) of both and the id, so that nothing is kept of it.
/// </summary>
/// <param name="artifacts">Where they are stored.</param>
/// <param name="secret">What tokens are signed with, 32 random bytes.</param>
/// <param name="time">The clock.</param>
public sealed class ServerUploads(IArtifactStore artifacts, ReadOnlyMemory<byte> secret, TimeProvider time) : IUploadStore
{
    // A second request for the same upload would fill the disk beside the first, only to be refused in the end.
    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public long MostBytes => long.MaxValue;

    /// <inheritdoc/>
    public Task<UploadTarget> AuthoriseAsync(UploadGrant grant, string server, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grant);
        var claims = string.Create(CultureInfo.InvariantCulture, $"{grant.SendBefore.ToUnixTimeSeconds()}.{grant.MaxBytes}");
        var url = $"{server}/api/uploads/{grant.Id}?token={claims}.{Base64Url.EncodeToString(SignatureOf(grant.Id, claims))}";
        return Task.FromResult(new UploadTarget("PUT", url, new Dictionary<string, string>()));
    }

    /// <inheritdoc/>
    public async Task ReceiveAsync(string id, string? token, long? length, Stream content, CancellationToken cancellationToken)
    {
        var most = MostBytesOf(id, token);
        if (length > most)
        {
            throw UploadStream.TooLarge(most);
        }

        var path = UploadPaths.Of(id);
        if (!_underWay.TryAdd(id, true))
        {
            throw Sent("is being sent by another request. Wait for its end");
        }

        try
        {
            await using var bounded = new UploadStream(content, most, length);
            if (await artifacts.ExistsAsync(path, cancellationToken) || !await artifacts.TryCreateAsync(path, bounded, cancellationToken))
            {
                throw Sent("was sent already. Use it, or upload another file with another POST /api/uploads");
            }
        }
        finally
        {
            _underWay.TryRemove(id, out _);
        }
    }

    private long MostBytesOf(string id, string? token)
    {
        if (!UploadId.IsValid(id) || token?.Split('.') is not [var before, var bytes, var signature] || !IsSigned(id, $"{before}.{bytes}", signature))
        {
            throw new TalkException(ErrorCode.UploadForbidden, "This address takes no upload. Send it to the url that POST /api/uploads answered with, all of it.");
        }

        // Both were written here, so both are numbers.
        return DateTimeOffset.FromUnixTimeSeconds(long.Parse(before, CultureInfo.InvariantCulture)) > time.GetUtcNow()
            ? long.Parse(bytes, CultureInfo.InvariantCulture)
            : throw new TalkException(ErrorCode.UploadForbidden, "The time of this address is over. Have another with another POST /api/uploads.");
    }

    private bool IsSigned(string id, string claims, string signature) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(Base64Url.EncodeToString(SignatureOf(id, claims))), Encoding.UTF8.GetBytes(signature));

    private byte[] SignatureOf(string id, string claims) => HMACSHA256.HashData(secret.Span, Encoding.UTF8.GetBytes($"upload {id} {claims}"));

    private static TalkException Sent(string what) => new(ErrorCode.UploadSent, $"The upload {what}.");
}
