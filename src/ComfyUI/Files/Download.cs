using System.Net;
using System.Net.Http.Headers;
using WanTalk.ComfyUI.Http;

namespace WanTalk.ComfyUI.Files;

/// <summary>One file on its way from <c>/view</c>, in as many parts as the connection needs.</summary>
internal sealed class Download(ComfyHttp http, ComfyClientOptions options, TimeProvider time, OutputFile file)
{
    private EntityTagHeaderValue? _tag;
    private long _done;

    public static string PathOf(OutputFile file) =>
        $"view?filename={Uri.EscapeDataString(file.Filename)}&subfolder={Uri.EscapeDataString(file.Subfolder)}"
        + $"&type={Uri.EscapeDataString(file.Type)}";

    public async Task<long> CopyToAsync(Stream destination, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var before = _done;
            try
            {
                await CopyPartAsync(destination, cancellationToken);
                return _done;
            }
            catch (ComfyException error) when (error.IsSilence && attempt < options.DownloadResumes)
            {
                if (_done > before)
                    attempt = 0;
                await Task.Delay(TimeSpan.FromMilliseconds(100 << attempt), time, cancellationToken);
            }
        }
    }

    private async Task CopyPartAsync(Stream destination, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, PathOf(file));
        if (_done > 0)
            request.Headers.Range = new RangeHeaderValue(_done, null);
        using var response = await http.OpenAsync(request, cancellationToken);
        var expected = _done > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK;
        // Nothing was missing but the end of the connection.
        if (_done > 0 && response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && response.Content.Headers.ContentRange?.Length == _done)
            return;
        if (response.StatusCode != expected)
            throw ComfyHttp.Refusal(response.StatusCode, PathOf(file), "");
        if (_tag is not null && !_tag.Equals(response.Headers.ETag))
            throw new ComfyException(ComfyErrorKind.Protocol, $"The engine's file {file.Filename} changed while it was being downloaded.");
        _tag = response.Headers.ETag;
        await CopyBodyAsync(response, destination, cancellationToken);
    }

    private async Task CopyBodyAsync(HttpResponseMessage response, Stream destination, CancellationToken cancellationToken)
    {
        var buffer = new byte[128 << 10];
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        while (true)
        {
            using var timer = new CancellationTokenSource(options.DownloadIdleTimeout, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
            int count;
            try
            {
                count = await body.ReadAsync(buffer, both.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ComfyException(ComfyErrorKind.TimedOut, $"The download of {file.Filename} stood still.");
            }
            catch (Exception error) when (error is IOException or HttpRequestException)
            {
                throw new ComfyException(ComfyErrorKind.Unreachable, $"The download of {file.Filename} was cut: {error.Message}", inner: error);
            }
            if (count == 0)
                return;
            await destination.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            _done += count;
        }
    }
}
