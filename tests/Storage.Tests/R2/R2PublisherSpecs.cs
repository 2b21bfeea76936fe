using System.Net;
using System.Security.Cryptography;
using Amazon.S3.Model;
using WanTalk.Core.Errors;
using WanTalk.Radosgw;
using WanTalk.Storage.R2;
using WanTalk.Storage.Tests.Children;

namespace WanTalk.Storage.Tests.R2;

/// <summary>Videos in a bucket of a server that checks signatures, over a network that does what it should not.</summary>
public sealed class R2PublisherSpecs(RadosgwFixture radosgw) : IAsyncLifetime
{
    private const int Large = (2 * R2Buckets.PartBytes) + 1_000_000;

    private static readonly byte[] _large = RandomBytes(1, Large);
    private static readonly byte[] _small = RandomBytes(2, 300_000);

    private readonly HttpClient _http = new();
    private RadosgwServer _server = null!;
    private BadNetwork _network = null!;
    private string _bucket = null!;
    private int _opened;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await radosgw.Server;
        _network = new BadNetwork(_server.Port);
        _bucket = await _server.NewBucketAsync(isOpen: false, TestEnd);
    }

    public async ValueTask DisposeAsync()
    {
        await _network.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task Nothing_is_ever_signed_in_chunks_or_has_a_trailer_or_waits_for_leave()
    {
        using var publisher = Publisher();
        await publisher.CheckAsync(TestEnd);
        await PublishAsync(publisher, []);
        await PublishAsync(publisher, _small);
        await PublishAsync(publisher, _large);

        var seen = _network.Seen;
        Assert.All(seen, request =>
        {
            Assert.Matches("^[0-9a-f]{64}$", request.Header("x-amz-content-sha256"));
            Assert.Null(request.Header("x-amz-trailer"));
            Assert.Null(request.Header("x-amz-decoded-content-length"));
            Assert.Null(request.Header("Content-Encoding"));
            Assert.Null(request.Header("Transfer-Encoding"));
            Assert.Null(request.Header("Expect"));
            Assert.DoesNotContain(request.Head.Split("\r\n"), line => line.StartsWith("x-amz-checksum", StringComparison.OrdinalIgnoreCase));
        });
        Assert.Equal(
            [Sha256Of([]), Sha256Of(_small)],
            seen.Where(request => request.Method == "PUT" && !request.IsPart).Select(request => request.Header("x-amz-content-sha256")));
        Assert.Equal([R2Buckets.PartBytes, R2Buckets.PartBytes, 1_000_000], seen.Where(request => request.IsPart).Select(request => request.BodyBytes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Players_and_caches_are_told_what_it_is(bool large)
    {
        using var publisher = Publisher();
        var address = await PublishAsync(publisher, large ? _large : _small);

        using var got = await _http.GetAsync(address, TestEnd);
        Assert.Equal("video/mp4", got.Content.Headers.ContentType!.ToString());
        Assert.Equal("inline; filename=\"t1.mp4\"", got.Content.Headers.ContentDisposition!.ToString());
        Assert.Equal("public, max-age=31536000, immutable", string.Join(", ", got.Headers.NonValidated["Cache-Control"]));
    }

    [Fact]
    public async Task A_signed_address_opens_what_is_closed_to_everybody_and_nothing_else()
    {
        using var publisher = Publisher();
        var address = await PublishAsync(publisher, _large);

        Assert.Equal(_large, await _http.GetByteArrayAsync(address, TestEnd));
        Assert.Matches("X-Amz-Expires=6047[0-9]{2}&", address.Query);
        Assert.DoesNotContain(_server.SecretKey, address.AbsoluteUri, StringComparison.Ordinal);
        using var unsigned = await _http.GetAsync(new Uri(address.GetLeftPart(UriPartial.Path)), TestEnd);
        Assert.Equal(HttpStatusCode.Forbidden, unsigned.StatusCode);
        using var other = await _http.GetAsync(new Uri(address.AbsoluteUri.Replace("t1/", "t2/", StringComparison.Ordinal)), TestEnd);
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
    }

    [Fact]
    public async Task The_public_address_is_the_key_below_the_one_that_was_given()
    {
        var options = _server.Options(_bucket);
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

        Assert.Equal($"https://videos.example/talks/{KeyOf(_small)}", (await PublishAsync(publisher, _small)).AbsoluteUri);
    }

    [Theory]
    [InlineData(Fate.IsCut, 5)]
    [InlineData(Fate.Fails, 5)]
    [InlineData(Fate.IsSpoiled, 5)]
    [InlineData(Fate.IsNotAnswered, 4)]
    public async Task A_part_that_failed_is_looked_for_and_sent_again_and_the_upload_goes_on(Fate fate, int sent)
    {
        // .NET itself makes a request that was not answered three times again.
        _network.Meet(fate, request => request.Part == 2, times: 4);
        using var publisher = Publisher();
        var address = await PublishAsync(publisher, _large);

        Assert.Equal(_large, await _http.GetByteArrayAsync(address, TestEnd));
        Assert.Equal([1, .. Enumerable.Repeat(2, sent), 3], PartsSent());
        Assert.Equal(1, _opened);
        Assert.Empty(await _server.UploadsAsync(_bucket, TestEnd));
    }

    [Theory]
    [InlineData(Fate.IsCut, 2)]
    [InlineData(Fate.Fails, 2)]
    [InlineData(Fate.IsSpoiled, 2)]
    [InlineData(Fate.IsNotAnswered, 1)]
    public async Task A_small_video_whose_request_failed_is_looked_for_and_sent_again(Fate fate, int opened)
    {
        _network.Meet(fate, request => request.Method == "PUT");
        using var publisher = Publisher();
        var address = await PublishAsync(publisher, _small);

        Assert.Equal(_small, await _http.GetByteArrayAsync(address, TestEnd));
        Assert.Equal(opened, _opened);
    }

    [Fact]
    public async Task A_completion_whose_answer_was_lost_counts()
    {
        _network.Meet(Fate.IsNotAnswered, request => request.IsCompletion);
        using var publisher = Publisher();

        Assert.Equal(_large, await _http.GetByteArrayAsync(await PublishAsync(publisher, _large), TestEnd));
        Assert.Equal(1, _opened);
        Assert.Equal([KeyOf(_large)], await _server.KeysAsync(_bucket, TestEnd));
    }

    [Fact]
    public async Task An_upload_that_fails_for_good_leaves_nothing_and_says_where()
    {
        _network.Fates = request => request.IsPart ? Fate.Fails : Fate.Arrives;
        using var publisher = Publisher(maxRetries: 1);

        await UnavailableAsync(() => PublishAsync(publisher, _large), $"{_network.Url}{_bucket} does not answer");
        Assert.Empty(await _server.UploadsAsync(_bucket, TestEnd));
        Assert.Empty(await _server.KeysAsync(_bucket, TestEnd));
    }

    [Fact]
    public async Task An_upload_that_is_given_up_leaves_nothing()
    {
        using var gaveUp = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        using var publisher = Publisher();
        await using var content = new HaltingStream(new MemoryStream(_large[..^1]), async () =>
        {
            Assert.Single(await _server.UploadsAsync(_bucket, TestEnd));
            await gaveUp.CancelAsync();
            gaveUp.Token.ThrowIfCancellationRequested();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => publisher.PublishAsync(KeyOf(_large), _ => Task.FromResult<Stream>(content), Large, gaveUp.Token));
        Assert.Empty(await _server.UploadsAsync(_bucket, TestEnd));
        Assert.Empty(await _server.KeysAsync(_bucket, TestEnd));
    }

    [Fact]
    public async Task What_a_killed_process_has_sent_is_not_sent_again()
    {
        var settings = new Dictionary<string, string>
        {
            [R2Options.EndpointVariable] = _server.Url.AbsoluteUri,
            [R2Options.AccessKeyVariable] = _server.AccessKey,
            [R2Options.SecretKeyVariable] = _server.SecretKey,
            [R2Options.BucketVariable] = _bucket,
        };
        using var folder = new TemporaryDirectory();
        var file = Path.Combine(folder.Path, "video.mp4");
        await File.WriteAllBytesAsync(file, _large, TestEnd);
        await using (var killed = ChildProcess.Start(settings, "publish-half", file, KeyOf(_large)))
        {
            Assert.Equal("halfway", await killed.ReadLineAsync());
            await killed.KillAsync();
        }

        Assert.Single(await _server.UploadsAsync(_bucket, TestEnd));
        using var publisher = Publisher();
        Assert.Equal(_large, await _http.GetByteArrayAsync(await PublishAsync(publisher, _large), TestEnd));
        Assert.Equal([3], PartsSent());
        Assert.Empty(await _server.UploadsAsync(_bucket, TestEnd));
    }

    [Fact]
    public async Task Parts_of_another_content_under_the_key_are_sent_again()
    {
        var request = new InitiateMultipartUploadRequest { BucketName = _bucket, Key = KeyOf(_large), ContentType = "video/mp4" };
        request.Metadata["sha256"] = Sha256Of(_large);
        var begun = await _server.Client.InitiateMultipartUploadAsync(request, TestEnd);
        using var other = new MemoryStream(RandomBytes(9, R2Buckets.PartBytes));
        await _server.Client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = _bucket,
                Key = KeyOf(_large),
                UploadId = begun.UploadId,
                PartNumber = 1,
                InputStream = other,
            },
            TestEnd);
        using var publisher = Publisher();

        Assert.Equal(_large, await _http.GetByteArrayAsync(await PublishAsync(publisher, _large), TestEnd));
        Assert.Equal([1, 2, 3], PartsSent());
        Assert.Empty(await _server.UploadsAsync(_bucket, TestEnd));
    }

    [Fact]
    public async Task Uploads_that_others_end_before_their_end_are_begun_again_and_not_for_ever()
    {
        using var publisher = Publisher();
        var opened = 0;
        var refused = await Assert.ThrowsAsync<TalkException>(() => publisher.PublishAsync(
            KeyOf(_large),
            _ =>
            {
                opened++;
                return Task.FromResult<Stream>(new EndingUploads(new MemoryStream(_large), EndUploadsAsync));
            },
            Large,
            TestEnd));

        Assert.Equal(ErrorCode.StorageUnavailable, refused.Error.Code);
        Assert.Contains("Somebody ended each upload", refused.Error.Message, StringComparison.Ordinal);
        Assert.Equal(3, opened);
    }

    [Fact]
    public async Task What_lies_there_with_another_size_or_hash_is_replaced()
    {
        await _server.Client.PutObjectAsync(
            new PutObjectRequest { BucketName = _bucket, Key = KeyOf(_small), ContentBody = new string('x', _small.Length) }, TestEnd);
        using var publisher = Publisher();

        Assert.Equal(_small, await _http.GetByteArrayAsync(await PublishAsync(publisher, _small), TestEnd));
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_by_name_and_not_shown()
    {
        using var publisher = new R2Publisher(_server.Options(_bucket, secret: new string('5', 40)), TimeProvider.System);
        foreach (var work in (Func<Task>[])[() => publisher.CheckAsync(TestEnd), () => PublishAsync(publisher, _small)])
        {
            var message = await UnavailableAsync(work, $"{_server.Url}{_bucket} refuses: ");
            Assert.Contains("R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY", message, StringComparison.Ordinal);
            Assert.DoesNotContain(new string('5', 40), message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_missing_bucket_is_said_by_its_variable()
    {
        using var publisher = new R2Publisher(_server.Options("no-such-bucket"), TimeProvider.System);
        foreach (var work in (Func<Task>[])
            [() => publisher.CheckAsync(TestEnd), () => PublishAsync(publisher, _small), () => PublishAsync(publisher, _large)])
        {
            Assert.Contains(
                "R2_BUCKET_NAME", await UnavailableAsync(work, $"{_server.Url}no-such-bucket is not there"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_said_by_its_variable()
    {
        using var publisher = new R2Publisher(_server.Options(_bucket, new Uri("http://127.0.0.1:9"), maxRetries: 1), TimeProvider.System);
        foreach (var work in (Func<Task>[])[() => publisher.CheckAsync(TestEnd), () => PublishAsync(publisher, _small)])
        {
            Assert.Contains(
                "R2_ENDPOINT_URL", await UnavailableAsync(work, $"http://127.0.0.1:9/{_bucket} does not answer"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Looking_whether_the_bucket_can_be_used_leaves_nothing_in_it()
    {
        using var publisher = Publisher();
        await publisher.CheckAsync(TestEnd);

        Assert.Empty(await _server.UploadsAsync(_bucket, TestEnd));
        Assert.Empty(await _server.KeysAsync(_bucket, TestEnd));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_holds_a_whole_video(bool inParts)
    {
        var settings = new Dictionary<string, string>
        {
            [R2Options.EndpointVariable] = _server.Url.AbsoluteUri,
            [R2Options.AccessKeyVariable] = _server.AccessKey,
            [R2Options.SecretKeyVariable] = _server.SecretKey,
            [R2Options.BucketVariable] = _bucket,
        };
        await using var child = ChildProcess.Start(settings, "publish-large", inParts ? "parts" : "whole", "160");

        var megabytes = int.Parse(Assert.Single(await child.ReadToEndAsync()));
        Assert.InRange(megabytes, 0, 70);
    }

    private static byte[] RandomBytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static string Sha256Of(byte[] video) => Convert.ToHexStringLower(SHA256.HashData(video));

    private static string KeyOf(byte[] video) => $"t1/{Sha256Of(video)}.mp4";

    private static async Task<string> UnavailableAsync(Func<Task> work, string start)
    {
        var failure = await Assert.ThrowsAsync<TalkException>(work);
        Assert.Equal(ErrorCode.StorageUnavailable, failure.Error.Code);
        Assert.StartsWith(start, failure.Error.Message, StringComparison.Ordinal);
        return failure.ToString();
    }

    private R2Publisher Publisher(int maxRetries = 4) => new(_server.Options(_bucket, _network.Url, maxRetries), TimeProvider.System);

    private Task<Uri> PublishAsync(R2Publisher publisher, byte[] video) => publisher.PublishAsync(
        KeyOf(video),
        _ =>
        {
            _opened++;
            return Task.FromResult<Stream>(new MemoryStream(video, writable: false));
        },
        video.Length,
        TestEnd);

    private IEnumerable<int> PartsSent() => _network.Seen.Where(request => request.IsPart).Select(request => request.Part);

    private async Task EndUploadsAsync()
    {
        foreach (var upload in await _server.UploadsAsync(_bucket, TestEnd))
        {
            await _server.Client.AbortMultipartUploadAsync(_bucket, upload.Key, upload.UploadId, TestEnd);
        }
    }

    /// <summary>Somebody else ends all uploads while the first part is read.</summary>
    private sealed class EndingUploads(MemoryStream content, Func<Task> end) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await end();
            return await content.ReadAsync(buffer, cancellationToken);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
