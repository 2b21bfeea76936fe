using System.Text.Json;
using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Server;

/// <summary>A body is larger than the server takes.</summary>
internal sealed class BodyTooLargeException(long max, long actual)
    : Exception($"Maximum request body size {max} exceeded, actual body size {actual}");

/// <summary>Reads bodies, up to the limit.</summary>
internal sealed class RequestBodies(ServerLimits limits)
{
    /// <summary>How much is read before it is counted.</summary>
    public const int Chunk = 64 << 10;

    /// <summary>Reads a JSON body whatever its content type says; a malformed one is a <see cref="JsonException"/>.</summary>
    public async Task<JsonNode?> ReadJsonAsync(HttpContext http)
    {
        if (http.Request.ContentLength > limits.MaxUploadBytes)
            throw new BodyTooLargeException(limits.MaxUploadBytes, http.Request.ContentLength.Value);
        using var body = new MemoryStream();
        var buffer = new byte[Chunk];
        for (int count; (count = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0;)
        {
            Count(body.Length + count);
            body.Write(buffer, 0, count);
        }
        return JsonNode.Parse(body.GetBuffer().AsSpan(0, (int)body.Length));
    }

    /// <summary>Complains if so many bytes are too many.</summary>
    public void Count(long bytes)
    {
        if (bytes > limits.MaxUploadBytes)
            throw new BodyTooLargeException(limits.MaxUploadBytes, bytes);
    }
}
