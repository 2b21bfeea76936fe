using WanTalk.Faults.Watching;

namespace WanTalk.Faults.Invariants;

/// <summary>A talk that is said to be completed has its video, from that moment on.</summary>
internal static class VideoWhenDone
{
    /// <summary>Downloads the video of a talk that was just seen completed.</summary>
    public static async Task CheckAsync(TalkHistory talk, TalkApi api, Violations violations, CancellationToken cancellationToken)
    {
        var (sha256, refusal) = await api.DownloadAsync(talk.Id!, cancellationToken);
        talk.Sha256 = sha256;
        if (sha256 is null)
        {
            violations.Add("video when done", talk, $"is completed, and its video is not there: {refusal}");
        }
    }
}
