using System.Net;
using Amazon.S3.Model;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Radosgw;
using WanTalk.Storage.R2;
using WanTalk.Storage.Tests.Children;

namespace WanTalk.Storage.Tests.R2;

/// <summary>Videos in a bucket, whatever happens on their way.</summary>
public sealed class R2PublisherSpecs(RadosgwFixture radosgw) : R2Bed(radosgw)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Players_and_caches_are_told_what_it_is(bool large)
    {
        using var publisher = Publisher();
        var address = await PublishAsync(publisher, large ? Large : Small);

        using var got = await Http.GetAsync(address, TestEnd);
        Assert.Equal("video/mp4", got.Content.Headers.ContentType!.ToString());
        Assert.Equal("inline; filename=\"t1.mp4\"", got.Content.Headers.ContentDisposition!.ToString());
        Assert.Equal("public, max-age=31536000, immutable", string.Join(", ", got.Headers.NonValidated["Cache-Control"]));
    }

    [Fact]
    public async Task A_signed_address_opens_what_is_closed_to_everybody_and_nothing_else()
    {
        using var publisher = Publisher();
        var address = await PublishAsync(publisher, Large);

        Assert.Equal(Large, await Http.GetByteArrayAsync(address, TestEnd));
        Assert.Matches("X-Amz-Expires=6047[0-9]{2}&", address.Query);
        Assert.DoesNotContain(Server.SecretKey, address.AbsoluteUri, StringComparison.Ordinal);
        using var unsigned = await Http.GetAsync(new Uri(address.GetLeftPart(UriPartial.Path)), TestEnd);
        Assert.Equal(HttpStatusCode.Forbidden, unsigned.StatusCode);
        using var other = await Http.GetAsync(new Uri(address.AbsoluteUri.Replace("t1/", "t2/", StringComparison.Ordinal)), TestEnd);
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
    }

    [Fact]
    public async Task The_public_address_is_the_key_below_the_one_that_was_given()
    {
        var options = Server.Options(Bucket);
        using var publisher = new R2Publisher(
            new R2Options
            {
                Endpoint = options.Endpoint,
                AccessKeyId = options.AccessKeyId,
                SecretAccessKey = options.SecretAccessKey,
                Bucket = options.Bucket,
                PublicUrl = new Uri("https://videos.example/talks/"),
            },
            TimeProvider.System);

        Assert.Equal($"https://videos.example/talks/{KeyOf(Small)}", (await PublishAsync(publisher, Small)).AbsoluteUri);
    }

    [Theory]
    [InlineData(Fate.IsCut, 3)]
    [InlineData(Fate.Fails, 3)]
    [InlineData(Fate.IsSpoiled, 3)]
    [InlineData(Fate.IsNotAnswered, 1)]
    public async Task A_part_that_failed_is_looked_for_and_sent_again_and_the_upload_goes_on(Fate fate, int sent)
    {
        Network.Meet(fate, request => request.Part == 2, times: 2);
        using var publisher = Publisher();
        var address = await PublishAsync(publisher, Large);

        Assert.Equal(Large, await Http.GetByteArrayAsync(address, TestEnd));
        Assert.Equal([1, .. Enumerable.Repeat(2, sent), 3], PartsSent());
        Assert.Equal(1, Opened);
        Assert.Empty(await Server.UploadsAsync(Bucket, TestEnd));
    }

    [Theory]
    [InlineData(Fate.IsCut, 2)]
    [InlineData(Fate.Fails, 2)]
    [InlineData(Fate.IsSpoiled, 2)]
    [InlineData(Fate.IsNotAnswered, 1)]
    public async Task A_small_video_whose_request_failed_is_looked_for_and_sent_again(Fate fate, int opened)
    {
        Network.Meet(fate, request => request.Method == "PUT");
        using var publisher = Publisher();
        var address = await PublishAsync(publisher, Small);

        Assert.Equal(Small, await Http.GetByteArrayAsync(address, TestEnd));
        Assert.Equal(opened, Opened);
    }

    [Fact]
    public async Task A_completion_whose_answer_was_lost_counts()
    {
        Network.Meet(Fate.IsNotAnswered, request => request.IsCompletion);
        using var publisher = Publisher();

        Assert.Equal(Large, await Http.GetByteArrayAsync(await PublishAsync(publisher, Large), TestEnd));
        Assert.Equal(1, Opened);
        Assert.Equal([KeyOf(Large)], await Server.KeysAsync(Bucket, TestEnd));
    }

    [Fact]
    public async Task An_upload_that_is_given_up_leaves_nothing()
    {
        using var gaveUp = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        using var publisher = Publisher();
        await using var content = new HaltingStream(new MemoryStream(Large[..^1]), async () =>
        {
            Assert.Single(await Server.UploadsAsync(Bucket, TestEnd));
            await gaveUp.CancelAsync();
            gaveUp.Token.ThrowIfCancellationRequested();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => publisher.PublishAsync(KeyOf(Large), _ => Task.FromResult<Stream>(content), LargeBytes, gaveUp.Token));
        Assert.Empty(await Server.UploadsAsync(Bucket, TestEnd));
        Assert.Empty(await Server.KeysAsync(Bucket, TestEnd));
    }

    [Fact]
    public async Task What_a_killed_process_has_sent_is_not_sent_again()
    {
        var settings = new Dictionary<string, string>
        {
            [R2Options.EndpointVariable] = Server.Url.AbsoluteUri,
            [R2Options.AccessKeyVariable] = Server.AccessKey,
            [R2Options.SecretKeyVariable] = Server.SecretKey,
            [R2Options.BucketVariable] = Bucket,
        };
        using var folder = new TemporaryDirectory();
        var file = Path.Combine(folder.Path, "video.mp4");
        await File.WriteAllBytesAsync(file, Large, TestEnd);
        await using (var killed = ChildProcess.Start(settings, "publish-half", file, KeyOf(Large)))
        {
            Assert.Equal("halfway", await killed.ReadLineAsync());
            await killed.KillAsync();
        }

        Assert.Single(await Server.UploadsAsync(Bucket, TestEnd));
        using var publisher = Publisher();
        Assert.Equal(Large, await Http.GetByteArrayAsync(await PublishAsync(publisher, Large), TestEnd));
        Assert.Equal([3], PartsSent());
        Assert.Empty(await Server.UploadsAsync(Bucket, TestEnd));
    }

    [Fact]
    public async Task Parts_of_another_content_under_the_key_are_sent_again()
    {
        var request = new InitiateMultipartUploadRequest { BucketName = Bucket, Key = KeyOf(Large), ContentType = "video/mp4" };
        request.Metadata["sha256"] = Sha256Of(Large);
        var begun = await Server.Client.InitiateMultipartUploadAsync(request, TestEnd);
        using var other = new MemoryStream(RandomBytes(9, R2Buckets.PartBytes));
        await Server.Client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = Bucket,
                Key = KeyOf(Large),
                UploadId = begun.UploadId,
                PartNumber = 1,
                InputStream = other,
            },
            TestEnd);
        using var publisher = Publisher();

        Assert.Equal(Large, await Http.GetByteArrayAsync(await PublishAsync(publisher, Large), TestEnd));
        Assert.Equal([1, 2, 3], PartsSent());
        Assert.Empty(await Server.UploadsAsync(Bucket, TestEnd));
    }

    [Fact]
    public async Task Uploads_that_others_end_before_their_end_are_begun_again_and_not_for_ever()
    {
        using var publisher = Publisher();
        var opened = 0;
        var refused = await Assert.ThrowsAsync<TalkException>(() => publisher.PublishAsync(
            KeyOf(Large),
            _ =>
            {
                opened++;
                return Task.FromResult<Stream>(new EndingUploads(new MemoryStream(Large), EndUploadsAsync));
            },
            LargeBytes,
            TestEnd));

        Assert.Equal(ErrorCode.StorageUnavailable, refused.Error.Code);
        Assert.Contains("Somebody ended each upload", refused.Error.Message, StringComparison.Ordinal);
        Assert.Equal(3, opened);
    }

    [Fact]
    public async Task What_lies_there_with_another_size_or_hash_is_replaced()
    {
        await Server.Client.PutObjectAsync(
            new PutObjectRequest { BucketName = Bucket, Key = KeyOf(Small), ContentBody = new string('x', Small.Length) }, TestEnd);
        using var publisher = Publisher();

        Assert.Equal(Small, await Http.GetByteArrayAsync(await PublishAsync(publisher, Small), TestEnd));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_holds_a_whole_video(bool inParts)
    {
        var settings = new Dictionary<string, string>
        {
            [R2Options.EndpointVariable] = Server.Url.AbsoluteUri,
            [R2Options.AccessKeyVariable] = Server.AccessKey,
            [R2Options.SecretKeyVariable] = Server.SecretKey,
            [R2Options.BucketVariable] = Bucket,
        };
        await using var child = ChildProcess.Start(settings, "publish-large", inParts ? "parts" : "whole", "120");

        var megabytes = int.Parse(Assert.Single(await child.ReadToEndAsync()));
        Assert.InRange(megabytes, 0, 70);
    }

    private IEnumerable<int> PartsSent() => Network.Seen.Where(request => request.IsPart).Select(request => request.Part);

    private async Task EndUploadsAsync()
    {
        foreach (var upload in await Server.UploadsAsync(Bucket, TestEnd))
        {
            await Server.Client.AbortMultipartUploadAsync(Bucket, upload.Key, upload.UploadId, TestEnd);
        }
    }

    /// <summary>Somebody else ends all uploads while a part is read.</summary>
    private sealed class EndingUploads(MemoryStream content, Func<Task> end) : ReadOnlyStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await end();
            return await content.ReadAsync(buffer, cancellationToken);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
