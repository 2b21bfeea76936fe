using System.Net;
using System.Net.Http.Headers;
using WanTalk.ComfyUI.Http;

namespace WanTalk.ComfyUI.Files;

/// <summary>
/// One file, or a range of it, on its way from <c>/view</c>, read once. A connection that is cut or stands still is replaced where it
/// stopped, as long as the server says (by the file's ETag) that it is still the same file; who reads notices nothing of it.
/// </summary>
internal sealed class DownloadStream : Stream
{
    private readonly ComfyHttp _http;
    private readonly ComfyClientOptions _options;
    private readonly TimeProvider _time;
    private readonly OutputFile _file;
    private readonly long _first;
    private readonly long? _last;
    private HttpResponseMessage? _response;
    private Stream? _body;
    private EntityTagHeaderValue? _tag;
    private bool _isOpened;
    private long _next;
    private long? _end;
    private int _failures;

    private DownloadStream(ComfyHttp http, ComfyClientOptions options, TimeProvider time, OutputFile file, (long First, long Last)? range)
    {
        (_http, _options, _time, _file) = (http, options, time, file);
        (_first, _next, _last) = (range?.First ?? 0, range?.First ?? 0, range?.Last);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _next - _first;
        set => throw new NotSupportedException();
    }

    public static string PathOf(OutputFile file) =>
        $"view?filename={Uri.EscapeDataString(file.Filename)}&subfolder={Uri.EscapeDataString(file.Subfolder)}"
        + $"&type={Uri.EscapeDataString(file.Type)}";

    /// <summary>Opens a file and waits for the answer's headers.</summary>
    /// <exception cref="ComfyException">There is no such file or range, or the server cannot be reached.</exception>
    public static async Task<DownloadStream> OpenAsync(
        ComfyHttp http,
        ComfyClientOptions options,
        TimeProvider time,
        OutputFile file,
        (long First, long Last)? range,
        CancellationToken cancellationToken)
    {
        var stream = new DownloadStream(http, options, time, file, range);
        try
        {
            await stream.InsistAsync(
                async stop =>
                {
                    await stream.ConnectAsync(stop);
                    return 0;
                },
                cancellationToken);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _next == _end)
            return 0;
        var count = await InsistAsync(stop => ReadPartAsync(buffer, stop), cancellationToken);
        if (count > 0)
            _failures = 0;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Disconnect();
        base.Dispose(disposing);
    }

    /// <summary>Does something and, when the server falls silent over it, does it again over a new connection, so many times in a row.</summary>
    private async Task<int> InsistAsync(Func<CancellationToken, Task<int>> act, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await act(cancellationToken);
            }
            catch (ComfyException error) when (error.IsSilence && _failures < _options.DownloadResumes && CanResume)
            {
                Disconnect();
                await Task.Delay(TimeSpan.FromMilliseconds(100 << Math.Min(_failures++, 6)), _time, cancellationToken);
            }
            catch
            {
                // Whoever reads on after a cancellation goes on where he stopped.
                Disconnect();
                throw;
            }
        }
    }

    /// <summary>Without a tag nobody can say that the rest belongs to the part that was already read.</summary>
    private bool CanResume => _next == _first || _tag is not null;

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, PathOf(_file));
        var isPart = _next > 0 || _last is not null;
        if (isPart)
            request.Headers.Range = new RangeHeaderValue(_next, _last);
        var response = await _http.OpenAsync(request, cancellationToken);
        try
        {
            Accept(response, isPart);
            _body = await response.Content.ReadAsStreamAsync(cancellationToken);
            (_response, _isOpened) = (response, true);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private void Accept(HttpResponseMessage response, bool isPart)
    {
        var expected = isPart ? HttpStatusCode.PartialContent : HttpStatusCode.OK;
        var resumes = _isOpened && _next > _first;
        if (resumes && response.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.OK)
            throw Changed();
        if (response.StatusCode != expected)
            throw ComfyHttp.Refusal(response.StatusCode, PathOf(_file), "");
        if (resumes && !Equals(_tag, response.Headers.ETag))
            throw Changed();
        var range = response.Content.Headers.ContentRange;
        if (isPart && range?.From != _next)
            throw new ComfyException(ComfyErrorKind.Protocol, $"The engine sent another part of {_file.Filename} than was asked for.");
        _tag = response.Headers.ETag;
        _end = isPart ? range!.To + 1 : response.Content.Headers.ContentLength;
    }

    private async Task<int> ReadPartAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_body is null)
            await ConnectAsync(cancellationToken);
        using var timer = new CancellationTokenSource(_options.DownloadIdleTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            var count = await _body!.ReadAsync(buffer, both.Token);
            if (count == 0 && _end is { } end && _next < end)
                throw Cut("the connection ended early");
            _next += count;
            if (count == 0)
                _end = _next;
            return count;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ComfyException(ComfyErrorKind.TimedOut, $"The download of {_file.Filename} stood still.");
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw Cut(error.Message, error);
        }
    }

    private void Disconnect()
    {
        _body?.Dispose();
        _response?.Dispose();
        (_body, _response) = (null, null);
    }

    private ComfyException Cut(string why, Exception? inner = null) =>
        new(ComfyErrorKind.Unreachable, $"The download of {_file.Filename} was cut: {why}", inner: inner);

    private ComfyException Changed() =>
        new(ComfyErrorKind.Protocol, $"The engine's file {_file.Filename} changed while it was being downloaded.");
}
