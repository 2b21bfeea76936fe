using WanTalk.Core.Intake;
using WanTalk.Core.Talks;
using WanTalk.Local.Amqp;
using WanTalk.Local.Hosting;
using WanTalk.Local.Tests.Durable;
using WanTalk.RabbitMQ;
using WanTalk.Storage.Local;

namespace WanTalk.Local.Tests.Amqp;

/// <summary>What takes talks from a queue, on a real store of artifacts and orchestrations; no runtime carries the talks on.</summary>
internal sealed class IntakeHost : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-intake-");
    private readonly DurableHost _durable = new();
    private AmqpIntake? _intake;

    public IntakeHost(TestQueue queue)
    {
        Queue = queue;
        Store = new FolderArtifactStore(Artifacts, TimeProvider.System, new FolderArtifactStoreOptions { FlushToDisk = false });
    }

    public static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public TestQueue Queue { get; }

    public FolderArtifactStore Store { get; }

    public RecordedLog<AmqpIntake> Log { get; } = new();

    /// <summary>The folder of the artifacts, for a test to take away.</summary>
    public string Artifacts => Path.Combine(_folder.FullName, "artifacts");

    /// <summary>The talks that were begun.</summary>
    public async Task<IReadOnlyList<string>> TalksAsync()
    {
        var talks = new List<string>();
        await foreach (var artifact in Store.ListAsync(new Core.Artifacts.ArtifactPath("talks"), TestEnd))
        {
            var talk = artifact.Path.Value.Split('/')[1];
            if (artifact.Path.Value.EndsWith("/request.json", StringComparison.Ordinal)
                && await _durable.Client.GetInstanceAsync(talk, TestEnd) is not null)
            {
                talks.Add(talk);
            }
        }

        return talks;
    }

    /// <summary>Begins to take talks; pauses are short unless a test says otherwise.</summary>
    public async Task StartAsync(AmqpOptions? options = null, string? address = null, params string[] replyQueues)
    {
        var handler = new TalkMessageHandler(
            new TalkIntake(Store, _durable.Client, LocalOptions.Rules),
            new MessageIntakeOptions { IdSecret = "sixteen bytes or more"u8.ToArray(), ReplyQueues = replyQueues },
            new RequestOptions(), TimeProvider.System);
        _intake = new AmqpIntake(
            AmqpAddress.Parse(address ?? Queue.Address), replyQueues, handler, options ?? Fast, TimeProvider.System, Log);
        await _intake.StartAsync(TestEnd);
    }

    public static AmqpOptions Fast { get; } = new() { FirstPauseSeconds = 0.02, LongestPauseSeconds = 0.2 };

    public async Task StopAsync()
    {
        if (_intake is not null)
        {
            await _intake.StopAsync(CancellationToken.None);
            _intake.Dispose();
            _intake = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _durable.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
