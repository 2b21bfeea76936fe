using System.Net.Http.Headers;

namespace WanTalk.GpuRunner.Models;

/// <summary>
/// Where models are fetched from. A token goes to the host of the manifest's base address only: not to a mirror, and not to the content
/// network that answers are redirected to.
/// </summary>
/// <param name="baseUrl">The manifest's base address.</param>
/// <param name="mirror">A server with the same paths that is asked instead; null for none.</param>
/// <param name="token">Sent to the base address; null for none.</param>
internal sealed class ModelSource(Uri baseUrl, Uri? mirror, string? token)
{
    private const int MostRedirects = 10;

    /// <summary>The variable with the token.</summary>
    public const string TokenVariable = "HF_TOKEN";

    /// <summary>The variable with the mirror.</summary>
    public const string MirrorVariable = "WANTALK_MODELS_URL";

    /// <summary>The address of a model's file; in a repository as huggingface_hub builds it (<c>/resolve/</c>).</summary>
    public Uri AddressOf(ModelEntry model)
    {
        if (model.Url is { } url)
        {
            return mirror is null ? url : At(mirror, url.AbsolutePath);
        }

        var path = string.Join('/', model.RemotePath!.Split('/').Select(Uri.EscapeDataString));
        return At(mirror ?? baseUrl, $"/{model.Repository}/resolve/{Uri.EscapeDataString(model.Revision!)}/{path}");
    }

    /// <summary>Asks, and follows redirects.</summary>
    /// <param name="client">A client that does not follow them by itself.</param>
    /// <param name="address">Where.</param>
    /// <param name="prepare">Sets what the request has beside its address; called for each.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer that is no redirect; the caller's to dispose.</returns>
    /// <exception cref="HttpRequestException">Nobody answers, or redirects do not end or lead away from TLS.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpClient client, Uri address, Action<HttpRequestMessage> prepare, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            var answer = await SendOnceAsync(client, address, prepare, cancellationToken);
            if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308) || answer.Headers.Location is not { } location)
            {
                return answer;
            }

            answer.Dispose();
            var next = new Uri(address, location);
            if (redirects == MostRedirects || next.Scheme is not ("http" or "https") || (address.Scheme == "https" && next.Scheme != "https"))
            {
                throw new HttpRequestException($"{address.Host} redirects to where nothing is fetched from.");
            }

            address = next;
        }
    }

    /// <summary>Asks once; a redirect is an answer like others.</summary>
    public async Task<HttpResponseMessage> SendOnceAsync(
        HttpClient client, Uri address, Action<HttpRequestMessage> prepare, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (token is not null && IsAtBase(address))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        prepare(request);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private bool IsAtBase(Uri address) => Uri.Compare(
        address, baseUrl, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static Uri At(Uri server, string path) => new(server.GetLeftPart(UriPartial.Path).TrimEnd('/') + path);
}
