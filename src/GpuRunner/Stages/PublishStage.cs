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
        if (await store.ExistsAsync(paths.Published, cancellationToken))
        {
            return StageReport.Empty;
        }

        var facts = await store.ReadJsonAsync<VideoFacts>(paths.VideoFacts, cancellationToken);
        var video = new StoredFile(paths.Video.Value, facts.Bytes, facts.Sha256);
        var url = await PublishAsync(context, video, cancellationToken);
        var others = new List<string>();
        foreach (var other in facts.Others.Where(file => file.Path.EndsWith(".mp4", StringComparison.Ordinal)))
        {
            others.Add((await PublishAsync(context, other, cancellationToken)).AbsoluteUri);
        }

        await store.TryCreateJsonAsync(
            paths.Published, new PublishedVideo(url.AbsoluteUri, KeyOf(context, video), video.Sha256) { OtherUrls = others }, cancellationToken);
        return StageReport.Empty;
    }

    private Task<Uri> PublishAsync(StageContext context, StoredFile video, CancellationToken cancellationToken) => publisher.PublishAsync(
        KeyOf(context, video), token => store.OpenRequiredAsync(new ArtifactPath(video.Path), token), video.Bytes, cancellationToken);

    private static string KeyOf(StageContext context, StoredFile video) => $"{context.Request.Work.Talk}/{video.Sha256}.mp4";
}
