using WanTalk.Core.Artifacts;
using WanTalk.Core.Publishing;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;

namespace WanTalk.GpuRunner.Stages;

/// <summary>Puts the video where the caller can get it, under a key that names it by its hash.</summary>
internal sealed class PublishStage(IArtifactStore store, IPublisher publisher) : IStage
{
    /// <inheritdoc/>
    public Stage Stage => Stage.Publish;

    /// <inheritdoc/>
    public async Task<StageReport> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        var paths = context.Paths;
        if (!await store.ExistsAsync(paths.Published, cancellationToken))
        {
            var facts = await store.ReadJsonAsync<VideoFacts>(paths.VideoFacts, cancellationToken);
            var key = $"{context.Request.Work.Talk}/{facts.Sha256}.mp4";
            var url = await publisher.PublishAsync(
                key, token => store.OpenRequiredAsync(paths.Video, token), facts.Bytes, cancellationToken);
            await store.TryCreateJsonAsync(paths.Published, new PublishedVideo(url.ToString(), key, facts.Sha256), cancellationToken);
        }

        return StageReport.Empty;
    }
}
