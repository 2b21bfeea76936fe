using System.Net;
using System.Net.Http.Headers;
using WanTalk.Core.Errors;
using WanTalk.GpuRunner.Processes;

namespace WanTalk.GpuRunner.Models;

/// <summary>
/// Downloads one file: goes on where an earlier try or process ended (<c>Range</c> with <c>If-Range</c>, RFC 9110), begins anew when the
/// server has other content or knows no ranges, and puts it in its place once size and SHA-256 are right.
/// </summary>
internal sealed class ModelDownloader(ModelSource source, DownloadOptions options, TimeProvider time) : IDisposable
{
    private const int BufferSize = 1 << 18;

    /// <summary>ENOSPC of Linux, which .NET hands on.</summary>
    private const int NoSpace = 28;

    /// <summary>EDQUOT.</summary>
    private const int QuotaExceeded = 122;

    // Redirects are followed by the source, which knows what may go where.
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Downloads a file.</summary>
    /// <param name="model">Which.</param>
    /// <param name="place">Where it belongs.</param>
    /// <param name="onBytes">Hears how many bytes there are, also when there are fewer again.</param>
    /// <param name="cancellationToken">Stops; what came is kept for the next time.</param>
    /// <returns>Size and SHA-256.</returns>
    /// <exception cref="TalkException">
    /// <see cref="ErrorCode.ModelUnavailable"/>, <see cref="ErrorCode.ModelDamaged"/> or <see cref="ErrorCode.DiskFull"/>.
    /// </exception>
    public async Task<(long Size, string Sha256)> DownloadAsync(
        ModelEntry model, string place, Action<long> onBytes, CancellationToken cancellationToken)
    {
        using var part = await PartFile.OpenAsync(place, cancellationToken);
        var pauses = new Backoff(options.FirstPause, options.LongestPause);
        var damaged = false;
        for (var idle = 0; ;)
        {
            var before = part.Length;
            var failure = await TryAsync(model, part, onBytes, cancellationToken);
            if (failure is null)
            {
                if (Mismatch(model, part) is not { } mismatch)
                {
                    var whole = (part.Length, part.Sha256());
                    part.Complete();
                    return whole;
                }

                // What was gone on with may have been of another try's making; what came in one go is the server's.
                part.Begin(null);
                if (damaged)
                {
                    throw new TalkException(ErrorCode.ModelDamaged, mismatch);
                }

                damaged = true;
                continue;
            }

            if (part.Length > before)
            {
                idle = 0;
                pauses.Reset();
            }

            if (!failure.CanRetry || ++idle > options.Retries)
            {
                throw new TalkException(ErrorCode.ModelUnavailable, $"{model.Id} could not be downloaded: {failure.Message}");
            }

            var pause = pauses.Next();
            if (failure.After is { } asked && asked > pause)
            {
                pause = asked < options.LongestPause ? asked : options.LongestPause;
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Asks for what is missing, and takes what comes.</summary>
    /// <returns>Null when the answer was taken to its end; else why not.</returns>
    private async Task<Failure?> TryAsync(ModelEntry model, PartFile part, Action<long> onBytes, CancellationToken cancellationToken)
    {
        if (part.Length > 0 && part.Length == model.Size)
        {
            return null;
        }

        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(options.Silence);
        try
        {
            using var answer = await source.SendAsync(
                _client, source.AddressOf(model), request => AskForRest(request, part), silence.Token);
            if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                part.Begin(null);
                return new Failure("The server has fewer bytes than came before.", CanRetry: true);
            }

            if (!answer.IsSuccessStatusCode)
            {
                return FailureOf(answer);
            }

            if (!GoesOn(answer, part))
            {
                part.Begin(answer.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null);
            }

            var whole = part.Length + answer.Content.Headers.ContentLength;
            if (whole is { } size && model.Size is { } known && size != known)
            {
                part.Begin(null);
                throw new TalkException(ErrorCode.ModelDamaged,
                    $"{model.Id} has {size} bytes at {answer.RequestMessage!.RequestUri!.Host}, but {known} in the manifest. "
                    + "Lock the manifest again if the model has changed.");
            }

            await TakeAsync(answer, part, onBytes, silence);
            return whole is { } expected && part.Length < expected
                ? new Failure($"The connection ended at byte {part.Length} of {expected}.", CanRetry: true)
                : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Failure($"Nothing came for {options.Silence.TotalSeconds:0} s.", CanRetry: true);
        }
        catch (IOException full) when (full.HResult is NoSpace or QuotaExceeded)
        {
            throw new TalkException(ErrorCode.DiskFull, $"The disk is full at byte {part.Length} of {model.Id}. Make room; what came is kept.", full);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return new Failure(broken.Message.ReplaceLineEndings(" "), CanRetry: true);
        }
    }

    private async Task TakeAsync(HttpResponseMessage answer, PartFile part, Action<long> onBytes, CancellationTokenSource silence)
    {
        await using var content = await answer.Content.ReadAsStreamAsync(silence.Token);
        var buffer = new byte[BufferSize];
        onBytes(part.Length);
        for (int count; (count = await content.ReadAsync(buffer, silence.Token)) > 0;)
        {
            await part.AppendAsync(buffer.AsMemory(0, count), silence.Token);
            onBytes(part.Length);
            silence.CancelAfter(options.Silence);
        }
    }

    private static void AskForRest(HttpRequestMessage request, PartFile part)
    {
        if (part.Length > 0 && part.ETag is { } tag)
        {
            request.Headers.Range = new RangeHeaderValue(part.Length, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(tag);
        }
    }

    private static bool GoesOn(HttpResponseMessage answer, PartFile part) =>
        answer.StatusCode == HttpStatusCode.PartialContent
        && part.Length > 0
        && answer.Content.Headers.ContentRange?.From == part.Length
        && (answer.Headers.ETag is null || answer.Headers.ETag.Tag == part.ETag);

    private static Failure FailureOf(HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        var address = answer.RequestMessage!.RequestUri!;
        var where = $"{address.Host} answered {status} for {address.AbsolutePath}";
        var after = answer.Headers.RetryAfter?.Delta;
        return status switch
        {
            401 or 403 => new Failure($"{where}. Set {ModelSource.TokenVariable} to a token that may read it.", CanRetry: false),
            408 or 425 or 429 or >= 500 => new Failure($"{where}.", CanRetry: true, after),
            _ => new Failure($"{where}. Correct its place in the manifest.", CanRetry: false),
        };
    }

    private static string? Mismatch(ModelEntry model, PartFile part)
    {
        if (model.Size is { } size && part.Length != size)
        {
            return $"{model.Id} came with {part.Length} bytes, but the manifest says {size}.";
        }

        return model.Sha256.Length > 0 && part.Sha256() is var found && found != model.Sha256
            ? $"{model.Id} came with the SHA-256 {found}, but the manifest says {model.Sha256}."
            : null;
    }

    /// <summary>Why a try came to nothing.</summary>
    /// <param name="Message">What happened, as a sentence.</param>
    /// <param name="CanRetry">Whether the same may succeed later.</param>
    /// <param name="After">When the server wants to be asked again.</param>
    private sealed record Failure(string Message, bool CanRetry, TimeSpan? After = null);
}
