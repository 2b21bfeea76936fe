using WanTalk.Core.Orchestration;
using WanTalk.Core.Stages;
using WanTalk.Core.Webhooks;
using WanTalk.Local.Hosting;
using WanTalk.Storage.Local;
using WanTalk.Storage.Webhooks;

namespace WanTalk.Local.Tests.Hosting;

/// <summary>The local host has what Core names, with the types that Core gives.</summary>
public sealed class TalkRegistrySpecs : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-registry-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_orchestrator_and_activity_that_Core_names_is_registered_and_no_other()
    {
        using var queues = new LocalWorkQueues(new HomeLayout(_folder.FullName), TimeProvider.System);
        var store = new FolderArtifactStore(_folder.FullName, TimeProvider.System);
        using var sender = new WebhookSender(new WebhookSenderOptions(), TimeProvider.System);
        var webhooks = new WebhookActivities(store, sender, new WebhookOptions(), TimeProvider.System);
        var registry = TalkRegistry.Create(
            new HostActivities(store, queues, TimeProvider.System),
            new NotifyActivities(store, index: null!, history: null!, replies: null, webhooks, TimeProvider.System),
            webhooks,
            orchestrations: null!);

        Assert.Equal(Sorted(TaskSignature.Orchestrators), Sorted(registry.Orchestrators));
        Assert.Equal(Sorted(TaskSignature.Activities), Sorted(registry.Activities));
    }

    private static IEnumerable<TaskSignature> Sorted(IEnumerable<TaskSignature> signatures) =>
        signatures.OrderBy(signature => signature.Name, StringComparer.Ordinal);
}
