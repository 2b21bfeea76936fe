using WanTalk.Core.Errors;
using WanTalk.Radosgw;
using WanTalk.Storage.R2;

namespace WanTalk.Storage.Tests.R2;

/// <summary>What is asked of the server, how it is signed, and what is said when it refuses.</summary>
public sealed class R2WireSpecs(RadosgwFixture radosgw) : R2Bed(radosgw)
{
    [Fact]
    public async Task Nothing_is_ever_signed_in_chunks_or_has_a_trailer_or_waits_for_leave()
    {
        using var publisher = Publisher();
        await publisher.CheckAsync(TestEnd);
        await PublishAsync(publisher, []);
        await PublishAsync(publisher, Small);
        await PublishAsync(publisher, Large);

        var seen = Network.Seen;
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
            [Sha256Of([]), Sha256Of(Small)],
            seen.Where(request => request.Method == "PUT" && !request.IsPart).Select(request => request.Header("x-amz-content-sha256")));
        Assert.Equal([R2Buckets.PartBytes, R2Buckets.PartBytes, 1_000_000], seen.Where(request => request.IsPart).Select(request => request.BodyBytes));
    }

    [Fact]
    public async Task Looking_whether_the_bucket_can_be_used_leaves_nothing_in_it()
    {
        using var publisher = Publisher();
        await publisher.CheckAsync(TestEnd);

        Assert.Empty(await Server.UploadsAsync(Bucket, TestEnd));
        Assert.Empty(await Server.KeysAsync(Bucket, TestEnd));
    }

    [Fact]
    public async Task An_upload_that_fails_for_good_leaves_nothing_and_says_where()
    {
        Network.Fates = request => request.IsPart ? Fate.Fails : Fate.Arrives;
        using var publisher = Publisher(maxRetries: 1);

        await UnavailableAsync(() => PublishAsync(publisher, Large), $"{Network.Url}{Bucket} does not answer");
        Assert.Empty(await Server.UploadsAsync(Bucket, TestEnd));
        Assert.Empty(await Server.KeysAsync(Bucket, TestEnd));
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_by_name_and_not_shown()
    {
        using var publisher = new R2Publisher(Server.Options(Bucket, secret: new string('5', 40)), TimeProvider.System);
        foreach (var work in (Func<Task>[])[() => publisher.CheckAsync(TestEnd), () => PublishAsync(publisher, Small)])
        {
            var message = await UnavailableAsync(work, $"{Server.Url}{Bucket} refuses: ");
            Assert.Contains("R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY", message, StringComparison.Ordinal);
            Assert.DoesNotContain(new string('5', 40), message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_missing_bucket_is_said_by_its_variable()
    {
        using var publisher = new R2Publisher(Server.Options("no-such-bucket"), TimeProvider.System);
        foreach (var work in (Func<Task>[])
            [() => publisher.CheckAsync(TestEnd), () => PublishAsync(publisher, Small), () => PublishAsync(publisher, Large)])
        {
            Assert.Contains(
                "R2_BUCKET_NAME", await UnavailableAsync(work, $"{Server.Url}no-such-bucket is not there"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_said_by_its_variable()
    {
        using var publisher = new R2Publisher(Server.Options(Bucket, new Uri("http://127.0.0.1:9"), maxRetries: 1), TimeProvider.System);
        foreach (var work in (Func<Task>[])[() => publisher.CheckAsync(TestEnd), () => PublishAsync(publisher, Small)])
        {
            Assert.Contains(
                "R2_ENDPOINT_URL", await UnavailableAsync(work, $"http://127.0.0.1:9/{Bucket} does not answer"), StringComparison.Ordinal);
        }
    }

    private static async Task<string> UnavailableAsync(Func<Task> work, string start)
    {
        var failure = await Assert.ThrowsAsync<TalkException>(work);
        Assert.Equal(ErrorCode.StorageUnavailable, failure.Error.Code);
        Assert.StartsWith(start, failure.Error.Message, StringComparison.Ordinal);
        return failure.ToString();
    }
}
