using System.Security.Cryptography;
using WanTalk.Azurite;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Uploads;
using WanTalk.Storage.Azure;
using WanTalk.Storage.Local;

namespace WanTalk.Storage.Tests.Children;

/// <summary>What the other processes of a test do. Each waits for a line on its standard input where the test has to be in step with it.</summary>
internal static class ChildProgram
{
    private static readonly TimeSpan _longLease = TimeSpan.FromHours(1);

    internal static async Task<int> RunAsync(string[] command)
    {
        await (command switch
        {
            ["create", var store, var name, var fill, var length] => CreateAsync(StoreOf(store), name, byte.Parse(fill), int.Parse(length)),
            ["write-half", var store, var name] => WriteHalfAsync(StoreOf(store), name),
            ["stream", var store, var name, var megabytes] => StreamAsync(StoreOf(store), new ArtifactPath(name), int.Parse(megabytes)),
            ["fill-store", var root] => FillStoreAsync(root),
            ["send", var database, var queue, var body] => SendAsync(database, queue, body),
            ["hold", var database, var queue] => HoldAsync(database, queue),
            ["drain", var database, var queue] => DrainAsync(database, queue),
            ["fill-queue", var database] => FillQueueAsync(database),
            ["own-azurite"] => OwnAzuriteAsync(),
            ["use-account", var container] => UseAccountAsync(container),
            ["own-radosgw"] => PublishingPrograms.OwnRadosgwAsync(),
            ["publish-half", var file, var key] => PublishingPrograms.PublishHalfAsync(file, key),
            ["publish-large", var how, var megabytes] => PublishingPrograms.PublishLargeAsync(how == "parts", int.Parse(megabytes)),
            _ => throw new ArgumentException($"Unknown command: {string.Join(' ', command)}"),
        });
        return 0;
    }

    /// <summary>The store of <c>folder:PATH</c> or <c>azure:CONTAINER</c>, whose account is in the environment.</summary>
    private static IArtifactStore StoreOf(string text) => text.Split(':', 2) switch
    {
        ["folder", var root] => new FolderArtifactStore(root, TimeProvider.System),
        ["azure", var container] => new BlobArtifactStore(
            new AzureStorageAccount(AzureStorageOptions.FromEnvironment(Environment.GetEnvironmentVariable)),
            new BlobArtifactStoreOptions { Container = container }),
        _ => throw new ArgumentException($"Unknown store: {text}"),
    };

    private static async Task CreateAsync(IArtifactStore store, string name, byte fill, int length)
    {
        using var content = Bytes.Of(fill, length);
        await StepAsync("ready");
        Console.WriteLine(await store.TryCreateAsync(new ArtifactPath(name), content, CancellationToken.None) ? "won" : "lost");
    }

    private static async Task WriteHalfAsync(IArtifactStore store, string name)
    {
        await using var content = new HaltingStream(Bytes.Of(7, 10_000_000), () => StepAsync("halfway"));
        await store.WriteAsync(new ArtifactPath(name), content, CancellationToken.None);
    }

    /// <summary>Writes and reads as much, and tells the megabytes of memory that it took beyond those of a small artifact.</summary>
    private static async Task StreamAsync(IArtifactStore store, ArtifactPath name, int megabytes)
    {
        await WriteAndReadAsync(store, name, 5);
        var before = PeakMegabytes();
        Console.WriteLine(await WriteAndReadAsync(store, name, megabytes) ? "the same" : "another");
        Console.WriteLine(PeakMegabytes() - before);
    }

    private static async Task<bool> WriteAndReadAsync(IArtifactStore store, ArtifactPath name, int megabytes)
    {
        using var written = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var content = new GeneratedStream(megabytes * 1024L * 1024, written);
        await store.WriteAsync(name, content, CancellationToken.None);
        await using var stored = await store.OpenReadAsync(name, CancellationToken.None);
        return (await SHA256.HashDataAsync(stored!)).AsSpan().SequenceEqual(written.GetHashAndReset());
    }

    internal static long PeakMegabytes()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6, line.Length - 8).Trim()) / 1024;
    }

    private static async Task FillStoreAsync(string root)
    {
        var store = new FolderArtifactStore(root, TimeProvider.System);
        using var small = Bytes.Of(1, 1000);
        await store.WriteAsync(new ArtifactPath("small"), small, CancellationToken.None);
        using var large = Bytes.Of(2, 8_000_000);
        await ReportErrorAsync(() => store.TryCreateAsync(new ArtifactPath("talks/large"), large, CancellationToken.None));

        small.Position = 0;
        await store.WriteAsync(new ArtifactPath("talks/after"), small, CancellationToken.None);
        foreach (var file in Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            Console.WriteLine($"{Path.GetRelativePath(root, file)} {new FileInfo(file).Length}");
        }
    }

    private static async Task SendAsync(string database, string queue, string body)
    {
        using var queues = new SqliteMessageQueues(database, TimeProvider.System);
        await StepAsync("ready");
        await queues.Get(queue).SendAsync(body, TimeSpan.Zero, CancellationToken.None);
    }

    private static async Task HoldAsync(string database, string queue)
    {
        using var queues = new SqliteMessageQueues(database, TimeProvider.System);
        var message = await queues.Get(queue).ReceiveAsync(_longLease, TimeSpan.Zero, CancellationToken.None);
        await StepAsync(message!.Body);
    }

    private static async Task DrainAsync(string database, string queue)
    {
        using var queues = new SqliteMessageQueues(database, TimeProvider.System);
        var source = queues.Get(queue);
        await StepAsync("ready");
        while (await source.ReceiveAsync(_longLease, TimeSpan.Zero, CancellationToken.None) is { } message)
        {
            Console.WriteLine(message.Body);
            await source.DeleteAsync(message, CancellationToken.None);
        }
    }

    private static async Task FillQueueAsync(string database)
    {
        using var queues = new SqliteMessageQueues(database, TimeProvider.System);
        var queue = queues.Get("work");
        await ReportErrorAsync(async () =>
        {
            while (true)
            {
                await queue.SendAsync(new string('x', 40_000), TimeSpan.Zero, CancellationToken.None);
            }
        });
        Console.WriteLine(await queue.CountAsync(CancellationToken.None) > 0 ? "readable" : "empty");
    }

    private static async Task OwnAzuriteAsync()
    {
        await using var azurite = await AzuriteServer.StartAsync(CancellationToken.None);
        Console.WriteLine(azurite.Folder);
        await StepAsync($"{azurite.ProcessId}");
    }

    /// <summary>Asks the account of the environment for one of everything.</summary>
    private static async Task UseAccountAsync(string container)
    {
        var account = new AzureStorageAccount(AzureStorageOptions.FromEnvironment(Environment.GetEnvironmentVariable));
        var store = new BlobArtifactStore(account, new BlobArtifactStoreOptions { Container = container, BlockBytes = 64 * 1024 });
        await store.PrepareAsync(CancellationToken.None);
        var path = new ArtifactPath("talks/t1/video.mp4");
        using var large = Bytes.Of(1, 200_000);
        Console.WriteLine(await store.TryCreateAsync(path, large, CancellationToken.None));
        Console.WriteLine((await store.TryReadAsync(path.Value, CancellationToken.None))?.Length);
        await foreach (var artifact in store.ListAsync(new ArtifactPath("talks"), CancellationToken.None))
        {
            Console.WriteLine(artifact.Path);
        }

        await store.DeleteFolderAsync(new ArtifactPath("talks"), CancellationToken.None);
        Console.WriteLine(await UploadAsync(account, store));
        var queues = new StorageWorkQueues(account, TimeProvider.System, new StorageQueueOptions { Prefix = $"{container}-" });
        await queues.PrepareAsync(CancellationToken.None);
        await queues.Completions.SendAsync("done", TimeSpan.Zero, CancellationToken.None);
        var message = await queues.Completions.ReceiveAsync(_longLease, TimeSpan.Zero, CancellationToken.None);
        message = await queues.Completions.RenewAsync(message!, _longLease, CancellationToken.None);
        Console.WriteLine(await queues.Completions.DeleteAsync(message!, CancellationToken.None));
    }

    /// <summary>Sends an upload to an address that is signed without the account's key.</summary>
    /// <returns>How many bytes are there.</returns>
    private static async Task<long?> UploadAsync(AzureStorageAccount account, BlobArtifactStore store)
    {
        var now = DateTimeOffset.UtcNow;
        var grant = new UploadGrant(UploadId.New(now.AddDays(1)), 1_000, now.AddHours(1));
        var target = await new BlobUploads(account, store.Container, TimeProvider.System).AuthoriseAsync(grant, "", CancellationToken.None);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, target.Url) { Content = new ByteArrayContent([1, 2, 3]) };
        foreach (var (name, value) in target.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await http.SendAsync(request);
        Console.Error.WriteLine(answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync());
        return (await store.GetPropertiesAsync(UploadPaths.Of(grant.Id), CancellationToken.None))?.Length;
    }

    private static async Task ReportErrorAsync(Func<Task> work)
    {
        try
        {
            await work();
            Console.WriteLine("no error");
        }
        catch (TalkException exception)
        {
            Console.WriteLine(exception.Error);
        }
    }

    internal static async Task StepAsync(string line)
    {
        Console.WriteLine(line);
        if (await Console.In.ReadLineAsync() is null)
        {
            // The test has ended.
            Environment.Exit(1);
        }
    }
}
