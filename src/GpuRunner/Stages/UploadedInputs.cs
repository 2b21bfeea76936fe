using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;

namespace WanTalk.GpuRunner.Stages;

/// <summary>
/// Copies inputs that are uploads to where intake stores those that come with a request. An upload does not change, and intake has looked at it.
/// What is copied is not asked for again: a retry works when the upload is long gone.
/// </summary>
/// <param name="store">The artifacts.</param>
internal sealed class UploadedInputs(IArtifactStore store)
{
    /// <summary>Copies what is an upload and not yet there.</summary>
    /// <exception cref="TalkException">The talk waited for so long that the upload is gone.</exception>
    public async Task StoreAsync(TalkRequest request, TalkPaths paths, CancellationToken cancellationToken)
    {
        if (request.PortraitUpload is { } portrait)
        {
            await StoreAsync("portrait", portrait, paths.SourcePortrait, cancellationToken);
        }

        if (request.SpeechUpload is { } speech)
        {
            await StoreAsync("speech", speech, paths.SourceSpeech, cancellationToken);
        }
    }

    private async Task StoreAsync(string what, string upload, ArtifactPath path, CancellationToken cancellationToken)
    {
        if (await store.ExistsAsync(path, cancellationToken))
        {
            return;
        }

        await using var content = await store.OpenReadAsync(UploadPaths.Of(upload), cancellationToken)
            ?? throw new TalkException(ErrorCode.UploadExpired,
                $"The {what} was an upload, whose time was over before a runner took the talk. Upload it again, and make another talk of it.");
        await store.TryCreateAsync(path, content, cancellationToken);
    }
}
