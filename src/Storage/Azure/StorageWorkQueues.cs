using System.Text.Json;
using WanTalk.Core.Errors;
using WanTalk.Core.Work;

namespace WanTalk.Storage.Azure;

/// <summary>The queues between host and runners, in an account of Azure Storage.</summary>
public sealed class StorageWorkQueues : IWorkQueues
{
    private readonly Dictionary<Lane, StorageMessageQueue> _lanes;
    private readonly StorageMessageQueue _completions;

    /// <summary>Prepares the queues' clients; nothing is asked of the account yet.</summary>
    /// <param name="account">The account.</param>
    /// <param name="time">Measures pauses, and how long a request may take whose caller has given up.</param>
    /// <param name="options">Which queues; null means the defaults.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public StorageWorkQueues(AzureStorageAccount account, TimeProvider time, StorageQueueOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(time);
        options ??= new StorageQueueOptions();
        options.Check();
        _lanes = Enum.GetValues<Lane>().ToDictionary(lane => lane, lane => Queue(JsonNamingPolicy.SnakeCaseLower.ConvertName($"{lane}")));
        _completions = Queue("completions");

        StorageMessageQueue Queue(string name) => new(account.Queues.GetQueueClient(options.Prefix + name), options, time);
    }

    /// <inheritdoc/>
    public IMessageQueue Completions => _completions;

    /// <inheritdoc/>
    public IMessageQueue ForLane(Lane lane) => _lanes[lane];

    /// <summary>Makes the queues that are missing, and finds out whether the account answers.</summary>
    /// <exception cref="TalkException"><see cref="ErrorCode.StorageUnavailable"/>: it does not, or refuses.</exception>
    public Task PrepareAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_lanes.Values.Append(_completions).Select(queue => queue.PrepareAsync(cancellationToken)));

    /// <summary>Removes all messages of the lanes, for a host that is alone and sends unfinished work again.</summary>
    /// <exception cref="TalkException"><see cref="ErrorCode.StorageUnavailable"/>: the account does not answer, or refuses.</exception>
    public Task EmptyLanesAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_lanes.Values.Select(queue => queue.ClearAsync(cancellationToken)));
}
