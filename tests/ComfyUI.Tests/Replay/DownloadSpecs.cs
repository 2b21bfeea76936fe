namespace WanTalk.ComfyUI.Tests.Replay;

/// <summary>Downloads over connections that break off or stand still, of a file that the recorded server had.</summary>
public sealed class DownloadSpecs : IAsyncLifetime
{
    private static readonly OutputFile Video = new("WanTalk_00001-audio.mp4", "rec");
    private ReplayServer _server = null!;
    private ComfyClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ReplayServer.StartAsync(Recording.Load("a3_vhs_video_combine"));
        _client = _server.NewClient(Patience.Great with { DownloadIdleTimeout = TimeSpan.FromMinutes(1), DownloadResumes = 2 });
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(1000, 2000, 0, 1, 3000)]
    [InlineData(0, 0)]
    public async Task A_download_that_is_cut_goes_on_where_it_stopped(params int[] faults)
    {
        Array.ForEach(faults, _server.Files.Faults.Enqueue);
        using var bytes = new MemoryStream();

        Assert.Equal(6594, await _client.ViewAsync(Video, bytes, Stop));

        Assert.Equal(_server.Files.Content(Video), bytes.ToArray());
        Assert.Equal(faults.Length + 1, _server.Requests.Count);
    }

    [Fact]
    public async Task A_download_that_stands_still_goes_on_where_it_stopped()
    {
        int[] faults = [-1000, 2000, -1];
        Array.ForEach(faults, _server.Files.Faults.Enqueue);
        using var impatient = Impatient();
        using var bytes = new MemoryStream();

        Assert.Equal(6594, await impatient.ViewAsync(Video, bytes, Stop));

        Assert.Equal(_server.Files.Content(Video), bytes.ToArray());
        // A machine may stand still for as long, too, and then it is asked once more.
        Assert.True(_server.Requests.Count > faults.Length);
    }

    [Fact]
    public async Task A_part_of_a_file_that_is_cut_goes_on_and_ends_where_it_should()
    {
        _server.Files.Faults.Enqueue(500);
        await using var content = await _client.OpenViewAsync(Video, (1000, 2999), Stop);
        using var bytes = new MemoryStream();

        await content.CopyToAsync(bytes, Stop);

        Assert.Equal(_server.Files.Content(Video)![1000..3000], bytes.ToArray());
    }

    [Fact]
    public async Task A_file_that_changes_in_the_middle_is_an_error_and_not_a_mixture()
    {
        _server.Files.Faults.Enqueue(1000);
        await using var content = await _client.OpenViewAsync(Video, cancellationToken: Stop);
        await content.ReadExactlyAsync(new byte[1000], Stop);
        _server.Files.Change(Video);

        var error = await Assert.ThrowsAsync<ComfyException>(() => content.CopyToAsync(Stream.Null, Stop));

        Assert.Equal(ComfyErrorKind.Protocol, error.Kind);
    }

    [Fact]
    public async Task A_download_that_gets_nowhere_is_given_up()
    {
        Array.ForEach([1000, 0, 0, 0], _server.Files.Faults.Enqueue);

        var error = await Assert.ThrowsAsync<ComfyException>(() => _client.ViewAsync(Video, Stream.Null, Stop));

        Assert.True(error.IsSilence);
        Assert.Equal(3, _server.Requests.Count);
    }

    [Fact]
    public async Task A_reader_who_takes_his_time_is_not_taken_for_a_connection_that_stands_still()
    {
        using var impatient = Impatient();
        await using var content = await impatient.OpenViewAsync(Video, cancellationToken: Stop);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        using var bytes = new MemoryStream();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await content.ReadExactlyAsync(new byte[10], cancelled.Token));
        await Task.Delay(500, Stop);
        await content.CopyToAsync(bytes, Stop);

        Assert.Equal(_server.Files.Content(Video), bytes.ToArray());
    }

    private ComfyClient Impatient() =>
        _server.NewClient(Patience.Great with { DownloadIdleTimeout = TimeSpan.FromMilliseconds(200), DownloadResumes = 100 });
}
