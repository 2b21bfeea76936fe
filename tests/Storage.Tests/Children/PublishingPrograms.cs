using System.Security.Cryptography;
using WanTalk.Radosgw;
using WanTalk.Storage.R2;
using WanTalk.Storage.Tests.R2;

namespace WanTalk.Storage.Tests.Children;

/// <summary>Those of the programs that publish; the bucket is in the environment.</summary>
internal static class PublishingPrograms
{
    internal static async Task OwnRadosgwAsync()
    {
        await using var server = await RadosgwServer.StartAsync(CancellationToken.None);
        Console.WriteLine(server.Folder);
        await ChildProgram.StepAsync($"{server.ProcessId}");
    }

    /// <summary>Publishes a file in parts, and stops after two of them.</summary>
    internal static async Task PublishHalfAsync(string file, string key)
    {
        var video = await File.ReadAllBytesAsync(file);
        using var publisher = new R2Publisher(Options(R2Buckets.PartBytes), TimeProvider.System);
        await using var content = new HaltingStream(
            new MemoryStream(video[..(2 * R2Buckets.PartBytes)]), () => ChildProgram.StepAsync("halfway"));
        await publisher.PublishAsync(key, _ => Task.FromResult<Stream>(content), video.Length, CancellationToken.None);
    }

    /// <summary>Publishes as much, and tells the megabytes of memory that it took beyond those of a small video.</summary>
    internal static async Task PublishLargeAsync(bool inParts, int megabytes)
    {
        using var publisher = new R2Publisher(Options(inParts ? 0 : 1L << 30), TimeProvider.System);
        await PublishAsync(publisher, 1);
        var before = ChildProgram.PeakMegabytes();
        await PublishAsync(publisher, megabytes);
        Console.WriteLine(ChildProgram.PeakMegabytes() - before);
    }

    private static async Task PublishAsync(R2Publisher publisher, int megabytes)
    {
        var bytes = megabytes * 1024L * 1024;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var whole = new GeneratedStream(bytes, hash))
        {
            await whole.CopyToAsync(Stream.Null);
        }

        var key = $"t1/{Convert.ToHexStringLower(hash.GetHashAndReset())}.mp4";
        await publisher.PublishAsync(key, _ => Task.FromResult<Stream>(new GeneratedStream(bytes, hash)), bytes, CancellationToken.None);
    }

    private static R2Options Options(long singlePutBytes)
    {
        var settings = R2Options.FromEnvironment(Environment.GetEnvironmentVariable);
        return new R2Options
        {
            Endpoint = settings.Endpoint,
            AccessKeyId = settings.AccessKeyId,
            SecretAccessKey = settings.SecretAccessKey,
            Bucket = settings.Bucket,
            SinglePutBytes = singlePutBytes,
            PartBytes = R2Buckets.PartBytes,
        };
    }
}
