using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.Local.Tests.Durable;
using WanTalk.Local.Tests.Orchestration;
using WanTalk.Webhooks;

namespace WanTalk.Local.Tests.Webhooks;

/// <summary>Talks whose webhook is called, and what came of it.</summary>
internal static class CalledTalk
{
    /// <summary>Accepts a talk with a webhook.</summary>
    public static Task<string> AcceptAsync(TalkHost host, string url, params string[] events) => host.AcceptAsync(draft => draft with
    {
        WebhookUrl = url,
        WebhookEvents = events.Length == 0 ? null : events,
        Metadata = new Dictionary<string, string> { ["order"] = "Größe 7" },
    });

    /// <summary>Accepts a talk that fails in prepare.</summary>
    public static async Task<string> FailAsync(TalkHost host, string url, params string[] events)
    {
        var talk = await AcceptAsync(host, url, events);
        await FailPrepareAsync(host, talk);
        return talk;
    }

    /// <summary>Fails the talk that was begun, in prepare.</summary>
    public static async Task FailPrepareAsync(TalkHost host, string talk)
    {
        await host.FinishAsync(await host.TakeAsync(Lane.Media), ErrorCode.SpeechSilent);
        await host.ErrorOfAsync(talk);
    }

    /// <summary>Completes a talk of one window that waits for it.</summary>
    public static async Task CompleteAsync(TalkHost host, string talk)
    {
        var piece = await host.ReachSamplingAsync(talk, 1);
        await host.CommitAsync(talk, 0);
        await host.FinishAsync(piece, nextWindow: 1);
        await host.DoNextAsync(Lane.Media);
        var video = new PublishedVideo($"https://videos.example/{talk}.mp4", "k", "s") { OtherUrls = ["file:///home/of/the/host/other.mp4"] };
        await host.Store.WriteJsonAsync(new TalkPaths(talk).Published, video, TalkHost.Cancellation);
        await host.DoNextAsync(Lane.Media);
        await host.Durable.EndOfAsync(talk);
    }

    /// <summary>Waits until so many webhooks came, and gives the last one.</summary>
    public static async Task<ReceivedWebhook> NextAsync(WebhookReceiver receiver, int count)
    {
        await DurableHost.UntilAsync(() => Task.FromResult(receiver.Received.Count >= count));
        Assert.Equal(count, receiver.Received.Count);
        return receiver.Received.Last();
    }

    /// <summary>How the delivery of the host's one webhook ended.</summary>
    public static async Task<WebhookReport> ReportAsync(TalkHost host)
    {
        OrchestrationInstance? ended = null;
        var query = new OrchestrationQuery([OrchestrationStatus.Completed], Name: WebhookOrchestration.Name);
        await DurableHost.UntilAsync(async () =>
            (ended = await host.Durable.Client.GetAllInstancesAsync(query, TalkHost.Cancellation).FirstOrDefaultAsync(TalkHost.Cancellation)) is not null);
        return ended!.ReadOutputAs<WebhookReport>()!;
    }
}
