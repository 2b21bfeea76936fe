using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using WanTalk.Core.Errors;

namespace WanTalk.Api.Talks;

/// <summary>Bodies that are bounded before they are read, whichever server the host has.</summary>
internal static class BoundedBody
{
    private const int FirstBytes = 16 << 10;

    /// <summary>Tells the server the most bytes that it may take; no more than that is read of it elsewhere.</summary>
    public static void Limit(HttpRequest request, long most)
    {
        if (request.ContentLength > most)
        {
            throw TooLarge(most);
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = most;
        }
    }

    /// <summary>Reads a body into memory.</summary>
    /// <exception cref="TalkException">It has more bytes, or breaks off.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, long most, CancellationToken cancellationToken)
    {
        Limit(request, most);
        using var content = new MemoryStream((int)Math.Min(request.ContentLength ?? FirstBytes, most));
        var buffer = new byte[FirstBytes];
        int count;
        while ((count = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (content.Length + count > most)
            {
                throw TooLarge(most);
            }

            content.Write(buffer, 0, count);
        }

        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }

    private static TalkException TooLarge(long most) => new(ErrorCode.RequestTooLarge,
        $"The body has more than {most} bytes. Give the inputs by address, or as files of a form.");
}
