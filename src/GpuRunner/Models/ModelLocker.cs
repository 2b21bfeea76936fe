using System.Text.RegularExpressions;
using WanTalk.Core.Errors;

namespace WanTalk.GpuRunner.Models;

/// <summary>
/// Fills in what a manifest does not say: commit, size and SHA-256. A repository tells them in the headers of a file's address, as
/// huggingface_hub reads them (<c>X-Repo-Commit</c>, <c>X-Linked-Size</c>, and <c>X-Linked-ETag</c>, which is the SHA-256 of what is in large
/// file storage); what it does not tell is downloaded and hashed.
/// </summary>
internal sealed partial class ModelLocker(ModelSource source, ModelDownloader downloader, DownloadOptions options, IPullDisplay display) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = options.Silence };

    /// <summary>Locks a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="accept">Whether what the manifest says already may change.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The locked entry.</returns>
    /// <exception cref="TalkException">
    /// It could not be asked for, or it is not what the manifest says (<see cref="ErrorCode.ModelDamaged"/>).
    /// </exception>
    public async Task<ModelEntry> LockAsync(ModelEntry model, bool accept, CancellationToken cancellationToken)
    {
        var told = model.Url is null ? await AskAsync(model, cancellationToken) : new Told(null, null, null);
        var at = told.Commit is { } commit ? model with { Revision = commit } : model;
        var (size, sha256) = told is { Size: { } toldSize, Sha256: { } toldHash }
            ? (toldSize, toldHash)
            : await HashAsync(at, cancellationToken);
        if (!accept && (Differs(model.Sha256, sha256) || (model.Size is { } known && known != size)))
        {
            throw new TalkException(ErrorCode.ModelDamaged,
                $"{model.Id} has {size} bytes with the SHA-256 {sha256}, which is not what the manifest says. "
                + "Find out why, and give --refresh to write it down.");
        }

        return at with { Size = size, Sha256 = sha256, Sha256Source = null };
    }

    /// <summary>Whether nothing is left to fill in.</summary>
    public static bool IsWhole(ModelEntry model) =>
        model.IsLocked && model.Sha256Source is null && (model.Url is not null || Commit().IsMatch(model.Revision!));

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static bool Differs(string known, string found) => known.Length > 0 && known != found;

    private async Task<Told> AskAsync(ModelEntry model, CancellationToken cancellationToken)
    {
        var address = source.AddressOf(model);
        try
        {
            // The headers are those of the first answer, before it leads to the content network.
            using var answer = await source.SendOnceAsync(_client, address, request => request.Method = HttpMethod.Head, cancellationToken);
            return (int)answer.StatusCode < 400
                ? new Told(
                    Header(answer, "X-Repo-Commit") is { } commit && Commit().IsMatch(commit) ? commit : null,
                    long.TryParse(Header(answer, "X-Linked-Size"), out var size) ? size : null,
                    Header(answer, "X-Linked-ETag")?.Trim('"') is { } tag && Sha256().IsMatch(tag) ? tag : null)
                : throw Unavailable(model, $"{address.Host} answered {(int)answer.StatusCode} for {address.AbsolutePath}.");
        }
        catch (Exception failure) when (
            failure is HttpRequestException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Unavailable(model, failure.Message.ReplaceLineEndings(" "));
        }
    }

    private async Task<(long Size, string Sha256)> HashAsync(ModelEntry model, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("wantalk-lock-");
        try
        {
            var unknown = model with { Size = null, Sha256 = "" };
            return await downloader.DownloadAsync(
                unknown, Path.Combine(folder.FullName, model.File), bytes => display.Came(model, bytes), cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static TalkException Unavailable(ModelEntry model, string what) =>
        new(ErrorCode.ModelUnavailable, $"{model.Id} could not be asked for: {what}");

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    [GeneratedRegex("^[0-9a-f]{40}$")]
    private static partial Regex Commit();

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Sha256();

    /// <summary>What a repository tells of a file.</summary>
    /// <param name="Commit">The full commit that the revision stands for.</param>
    /// <param name="Size">Its bytes.</param>
    /// <param name="Sha256">Its SHA-256.</param>
    private sealed record Told(string? Commit, long? Size, string? Sha256);
}
