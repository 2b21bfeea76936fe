using System.Text;
using Microsoft.AspNetCore.Http;

namespace WanTalk.Api.OpenApi;

/// <summary>The API's descriptions, made once and the same in every host. Nobody needs a key for them: they tell nothing of any talk.</summary>
public sealed class DescriptionHandlers
{
    private readonly Lazy<(byte[] Document, byte[] Page)> _written = new(() =>
    {
        var document = OpenApiDocument.Build();
        return (OpenApiDocument.ToBytes(document), Encoding.UTF8.GetBytes(ReferencePage.Of(document)));
    });

    /// <summary>The OpenAPI document.</summary>
    public IResult ReadDocument(HttpContext http)
    {
        Guard(http);
        return Results.Bytes(_written.Value.Document, "application/json");
    }

    /// <summary>The page, which asks for nothing from anywhere.</summary>
    public IResult ReadPage(HttpContext http)
    {
        Guard(http);
        return Results.Bytes(_written.Value.Page, "text/html; charset=utf-8");
    }

    private static void Guard(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.Headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "public, max-age=300";
    }
}
