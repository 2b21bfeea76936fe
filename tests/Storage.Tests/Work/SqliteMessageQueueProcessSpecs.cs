using Microsoft.Extensions.Time.Testing;
using WanTalk.Storage.Local;
using WanTalk.Storage.Tests.Children;

namespace WanTalk.Storage.Tests.Work;

/// <summary>Queues in one SQLite file that several processes share, and that some of them leave suddenly.</summary>
public sealed class SqliteMessageQueueProcessSpecs : IDisposable
{
    private static readonly TimeSpan _lease = TimeSpan.FromMinutes(1);

    private readonly TemporaryDirectory _folder = new();

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    private string Database => Path.Combine(_folder.Path, "queues.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_receiver_that_waits_sees_what_another_process_sends()
    {
        using var queues = new SqliteMessageQueues(Database, TimeProvider.System);
        await using var child = ChildProcess.Start("send", Database, "sample", "from the child");
        Assert.Equal("ready", await child.ReadLineAsync());
        var receiving = queues.Get("sample").ReceiveAsync(_lease, TimeSpan.FromSeconds(50), TestEnd);
        await child.GoAsync();

        Assert.Equal("from the child", (await receiving)?.Body);
    }

    [Fact]
    public async Task Processes_that_drain_one_queue_share_its_messages_and_none_comes_twice()
    {
        using var queues = new SqliteMessageQueues(Database, TimeProvider.System);
        var sent = Enumerable.Range(0, 300).Select(number => $"{number}").ToArray();
        foreach (var body in sent)
        {
            await queues.Get("sample").SendAsync(body, TimeSpan.Zero, TestEnd);
        }

        var children = Enumerable.Range(0, 3).Select(_ => ChildProcess.Start("drain", Database, "sample")).ToArray();
        try
        {
            foreach (var child in children)
            {
                Assert.Equal("ready", await child.ReadLineAsync());
            }

            await Task.WhenAll(children.Select(child => child.GoAsync()));
            var received = await Task.WhenAll(children.Select(child => child.ReadToEndAsync()));

            Assert.Equal(sent.Order(), received.SelectMany(lines => lines).Order());
            Assert.Equal(0, await queues.Get("sample").CountAsync(TestEnd));
        }
        finally
        {
            foreach (var child in children)
            {
                await child.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task The_message_of_a_receiver_that_is_killed_comes_back()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var queues = new SqliteMessageQueues(Database, time);
        var queue = queues.Get("sample");
        await queue.SendAsync("a", TimeSpan.Zero, TestEnd);
        await using (var child = ChildProcess.Start("hold", Database, "sample"))
        {
            Assert.Equal("a", await child.ReadLineAsync());
            await child.KillAsync();
        }

        Assert.Null(await queue.ReceiveAsync(_lease, TimeSpan.Zero, TestEnd));
        time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(2, (await queue.ReceiveAsync(_lease, TimeSpan.Zero, TestEnd))!.DeliveryCount);
    }

    [Fact]
    public async Task Programs_that_open_a_new_file_at_once_all_succeed()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => new SqliteMessageQueues(Database, TimeProvider.System), TestEnd)));
        await opened[0].Get("sample").SendAsync("a", TimeSpan.Zero, TestEnd);

        foreach (var queues in opened)
        {
            Assert.Equal(1, await queues.Get("sample").CountAsync(TestEnd));
            queues.Dispose();
        }
    }

    [Fact]
    public async Task A_full_disk_is_said_by_name_and_what_was_sent_can_be_read()
    {
        await using var child = await ChildProcess.TryStartOnSmallDiskAsync(_folder.Path, "fill-queue", Database);
        Assert.SkipWhen(child is null, "This machine does not let a test mount a small disk (unshare --mount).");

        var report = await child.ReadToEndAsync();
        Assert.Equal([$"disk_full: The disk that holds {_folder.Path} is full. Free some space there and go on.", "readable"], report);
    }
}
