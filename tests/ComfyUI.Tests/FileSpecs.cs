using WanTalk.Understudy.Tests.Harness;

namespace WanTalk.ComfyUI.Tests;

public sealed class FileSpecs
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_upload_is_known_by_the_name_that_the_server_gave()
    {
        await using var engine = await UnderstudyProcess.StartAsync();
        using var client = engine.NewClient();
        await client.UploadAsync(new MemoryStream([1]), "a.bin", "wantalk/t", overwrite: false, Stop);

        var second = await client.UploadAsync(new MemoryStream([2]), "a.bin", "wantalk/t", overwrite: false, Stop);
        var third = await client.UploadAsync(new MemoryStream([3]), "a.bin", "wantalk/t", overwrite: true, Stop);

        Assert.Equal("wantalk/t/a (1).bin", second.InputName);
        Assert.Equal("wantalk/t/a.bin", third.InputName);
        Assert.Equal([3], await DownloadAsync(client, new OutputFile("a.bin", "wantalk/t", "input")));
    }

    [Fact]
    public async Task An_upload_leaves_the_callers_stream_open()
    {
        await using var engine = await UnderstudyProcess.StartAsync();
        using var client = engine.NewClient();
        using var stream = new MemoryStream([1, 2, 3]);

        await client.UploadAsync(stream, "a.bin", cancellationToken: Stop);

        Assert.True(stream.CanRead);
    }

    [Fact]
    public async Task A_download_that_is_cut_goes_on_where_it_stopped()
    {
        await using var engine = await UnderstudyProcess.StartAsync();
        await using var proxy = new CuttingProxy(engine.Address) { CutAfter = 100_000 };
        using var direct = engine.NewClient();
        using var client = new ComfyClient(proxy.Address);
        var bytes = new byte[1_000_000];
        new Random(1).NextBytes(bytes);
        await direct.UploadAsync(new MemoryStream(bytes), "big.bin", cancellationToken: Stop);

        Assert.Equal(bytes, await DownloadAsync(client, new OutputFile("big.bin", "", "input")));
        Assert.True(proxy.Accepted > 9);
    }

    [Fact]
    public async Task A_download_that_never_gets_anywhere_is_given_up()
    {
        await using var engine = await UnderstudyProcess.StartAsync();
        await using var proxy = new CuttingProxy(engine.Address) { CutAfter = 1 };
        using var client = new ComfyClient(proxy.Address, new ComfyClientOptions { DownloadResumes = 1 });

        var error = await Assert.ThrowsAsync<ComfyException>(() => DownloadAsync(client, new OutputFile("x.bin", "", "input")));

        Assert.True(error.IsSilence);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_told_from_one_that_is()
    {
        await using var engine = await UnderstudyProcess.StartAsync();
        using var client = engine.NewClient();
        await client.UploadAsync(new MemoryStream(new byte[7]), "there.bin", cancellationToken: Stop);

        Assert.Equal(7, await client.GetLengthAsync(new OutputFile("there.bin", "", "input"), Stop));
        Assert.False(await client.ExistsAsync(new OutputFile("gone.bin", "", "input"), Stop));
        var error = await Assert.ThrowsAsync<ComfyException>(() => DownloadAsync(client, new OutputFile("gone.bin", "", "input")));
        Assert.Equal(ComfyErrorKind.NotFound, error.Kind);
    }

    [Fact]
    public async Task A_range_of_a_file_can_be_opened()
    {
        await using var engine = await UnderstudyProcess.StartAsync();
        using var client = engine.NewClient();
        await client.UploadAsync(new MemoryStream([0, 1, 2, 3, 4, 5]), "r.bin", cancellationToken: Stop);

        await using var range = await client.OpenViewAsync(new OutputFile("r.bin", "", "input"), (2, 4), Stop);
        using var read = new MemoryStream();
        await range.CopyToAsync(read, Stop);

        Assert.Equal([2, 3, 4], read.ToArray());
    }

    [Fact]
    public async Task What_the_engine_says_of_itself_is_read()
    {
        await using var engine = await UnderstudyProcess.StartAsync();
        using var client = engine.NewClient();

        Assert.Contains("understudy (preview", Assert.Single((await client.GetSystemStatsAsync(Stop)).Devices).Name, StringComparison.Ordinal);
        Assert.True((await client.GetWanTalkInfoAsync(Stop))!.Preview);
        Assert.True((await client.GetObjectInfoAsync(Stop)).ContainsKey("WanTalkWindowSampler"));
    }

    [Fact]
    public async Task A_released_talk_leaves_nothing_and_others_alone()
    {
        await using var engine = await UnderstudyProcess.StartAsync();
        using var client = engine.NewClient();
        await client.UploadAsync(new MemoryStream([1]), "a.bin", "wantalk/t1/a", cancellationToken: Stop);
        await client.UploadAsync(new MemoryStream([1]), "b.bin", "wantalk/t1", cancellationToken: Stop);
        await client.UploadAsync(new MemoryStream([1]), "a.bin", "wantalk/t10", cancellationToken: Stop);

        Assert.Equal(2, await client.ReleaseAsync("wantalk/t1", Stop));

        Assert.True(await client.ExistsAsync(new OutputFile("a.bin", "wantalk/t10", "input"), Stop));
        Assert.Equal(0, await client.ReleaseAsync("wantalk/t1", Stop));
        await Assert.ThrowsAsync<ComfyException>(() => client.ReleaseAsync("wantalk/../..", Stop));
    }

    private static async Task<byte[]> DownloadAsync(ComfyClient client, OutputFile file)
    {
        using var bytes = new MemoryStream();
        await client.ViewAsync(file, bytes, Stop);
        return bytes.ToArray();
    }
}
