using CsCheck;
using Microsoft.Extensions.Time.Testing;
using WanTalk.Core.Work;
using WanTalk.Storage.Local;

namespace WanTalk.Storage.Tests.Work;

/// <summary>Any sequence of calls has the same answers as a list in memory would give.</summary>
public sealed class SqliteMessageQueueModelSpecs : IDisposable
{
    private static readonly Gen<Call> _calls = Gen.OneOf(
        Gen.Int[0, 3].Select(seconds => new Call(CallKind.Send, seconds, 0)),
        Gen.Int[1, 4].Select(seconds => new Call(CallKind.Receive, seconds, 0)),
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 9], (seconds, pick) => new Call(CallKind.Renew, seconds, pick)),
        Gen.Int[0, 9].Select(pick => new Call(CallKind.Delete, 0, pick)),
        Gen.Int[1, 3].Select(seconds => new Call(CallKind.Pass, seconds, 0)));

    private readonly TemporaryDirectory _folder = new();

    private enum CallKind
    {
        Send,
        Receive,
        Renew,
        Delete,
        Pass,
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_answers_as_a_list_in_memory_would()
    {
        var time = new FakeTimeProvider();
        using var queues = new SqliteMessageQueues(Path.Combine(_folder.Path, "queues.db"), time);
        var run = 0;
        await _calls.Array[1, 60].SampleAsync(
            async calls =>
            {
                var queue = queues.Get($"run-{run++}");
                var model = new Model();
                var leases = new List<(QueueMessage Real, Model.Receipt Modelled)>();
                foreach (var call in calls)
                {
                    await StepAsync(call, queue, model, leases, time);
                    Assert.Equal(model.Count, await queue.CountAsync(CancellationToken.None));
                }
            },
            iter: 200,
            threads: 1);
    }

    private static async Task StepAsync(
        Call call, IMessageQueue queue, Model model, List<(QueueMessage Real, Model.Receipt Modelled)> leases, FakeTimeProvider time)
    {
        var span = TimeSpan.FromSeconds(call.Seconds);
        var now = time.GetUtcNow();
        var lease = leases.Count == 0 ? default : leases[call.Pick % leases.Count];
        switch (call.Kind)
        {
            case CallKind.Send:
                await queue.SendAsync(model.Send(now + span), span, CancellationToken.None);
                break;
            case CallKind.Receive:
                Same(await queue.ReceiveAsync(span, TimeSpan.Zero, CancellationToken.None), model.Receive(now, now + span), leases);
                break;
            case CallKind.Renew when lease.Real is not null:
                Same(await queue.RenewAsync(lease.Real, span, CancellationToken.None), model.Renew(lease.Modelled, now + span), leases);
                break;
            case CallKind.Delete when lease.Real is not null:
                Assert.Equal(model.Delete(lease.Modelled), await queue.DeleteAsync(lease.Real, CancellationToken.None));
                break;
            case CallKind.Pass:
                time.Advance(span);
                break;
            default:
                // There is no lease to renew or to delete yet.
                break;
        }
    }

    private static void Same(QueueMessage? real, Model.Receipt? modelled, List<(QueueMessage Real, Model.Receipt Modelled)> leases)
    {
        Assert.Equal((modelled?.Body, modelled?.Deliveries), (real?.Body, real?.DeliveryCount));
        if (real is not null)
        {
            leases.Add((real, modelled!));
        }
    }

    private sealed record Call(CallKind Kind, int Seconds, int Pick);

    private sealed class Model
    {
        private readonly List<Entry> _entries = [];
        private int _sent;

        internal int Count => _entries.Count;

        internal string Send(DateTimeOffset visibleAt)
        {
            var body = $"{_sent++}";
            _entries.Add(new Entry(body) { VisibleAt = visibleAt });
            return body;
        }

        internal Receipt? Receive(DateTimeOffset now, DateTimeOffset hiddenUntil)
        {
            var entry = _entries.Find(candidate => candidate.VisibleAt <= now);
            entry?.Deliveries += 1;
            return entry?.Hide(hiddenUntil);
        }

        internal Receipt? Renew(Receipt receipt, DateTimeOffset hiddenUntil) => Held(receipt)?.Hide(hiddenUntil);

        internal bool Delete(Receipt receipt) => Held(receipt) is { } entry && _entries.Remove(entry);

        private Entry? Held(Receipt receipt) => _entries.Find(entry => ReferenceEquals(entry.Latest, receipt));

        internal sealed record Receipt(string Body, int Deliveries);

        private sealed class Entry(string body)
        {
            internal DateTimeOffset VisibleAt { get; set; }

            internal int Deliveries { get; set; }

            internal Receipt? Latest { get; private set; }

            internal Receipt Hide(DateTimeOffset until)
            {
                VisibleAt = until;
                return Latest = new Receipt(body, Deliveries);
            }
        }
    }
}
