using System.Security.Cryptography;
using WanTalk.Core.Errors;
using WanTalk.GpuRunner.Models;
using WanTalk.GpuRunner.Tests.Support;

namespace WanTalk.GpuRunner.Tests.Models;

/// <summary>35 GB come over a network that fails, from servers that change; what lies in the models folder is whole all the same.</summary>
public sealed class PullSpecs : IAsyncLifetime
{
    private ModelsBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await ModelsBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task What_is_missing_is_downloaded_and_what_is_there_is_not_asked_for_again()
    {
        var (one, servedOne) = _bench.Serve("one.gguf");
        var (two, servedTwo) = _bench.Serve("two.gguf");
        Assert.Equal(2, (await _bench.PullAsync(one, two)).Count);
        _bench.AssertThere(one, servedOne);
        _bench.AssertThere(two, servedTwo);

        Assert.Empty(await _bench.PullAsync(one, two));
        Assert.Equal(2, _bench.Gets.Count);
    }

    [Fact]
    public async Task A_connection_that_is_cut_is_gone_on_with_where_it_ended()
    {
        var (model, served) = _bench.Serve("model.gguf");
        served.Cuts.Enqueue(150_000);
        served.Cuts.Enqueue(100_000);
        await _bench.PullAsync(model);
        _bench.AssertThere(model, served);
        Assert.Equal(3, _bench.Gets.Count);
        Assert.All(_bench.Gets.Skip(1), request => Assert.Equal("\"one\"", request.IfRange));
        Assert.All(_bench.Gets.Skip(1), request => Assert.StartsWith("bytes=", request.Range, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cuts_without_end_are_survived_as_long_as_each_brings_something()
    {
        var (model, served) = _bench.Serve("model.gguf");
        for (var cut = 0; cut < 4 * _bench.Options.Retries; cut++)
        {
            served.Cuts.Enqueue(20_000);
        }

        await _bench.PullAsync(model);
        _bench.AssertThere(model, served);
    }

    [Fact]
    public async Task Content_that_changes_in_the_middle_is_begun_anew()
    {
        var (model, served) = _bench.Serve("model.gguf");
        var (before, after) = (RandomNumberGenerator.GetBytes(ModelsBench.Size), served.Content);
        (served.Content, served.ETag) = (before, "\"old\"");
        _bench.Options = _bench.Options with { Retries = 0 };
        served.Cuts.Enqueue(150_000);
        // The first pull ends in the middle, the second finds the server with other content under another tag.
        served.Cuts.Enqueue(0);
        Assert.Equal(ErrorCode.ModelUnavailable, (await _bench.FailAsync(model)).Code);
        (served.Content, served.ETag) = (after, "\"new\"");
        served.Cuts.Clear();

        await _bench.PullAsync(model);

        _bench.AssertThere(model, served);
        Assert.Equal("\"old\"", _bench.Gets[^1].IfRange);
    }

    [Theory]
    [InlineData(false, "\"one\"")]
    [InlineData(true, null)]
    [InlineData(true, "W/\"weak\"")]
    public async Task Without_ranges_or_a_dependable_tag_it_is_begun_anew(bool ranges, string? tag)
    {
        var (model, served) = _bench.Serve("model.gguf");
        (served.KnowsRanges, served.ETag) = (ranges, tag);
        served.Cuts.Enqueue(150_000);
        await _bench.PullAsync(model);
        _bench.AssertThere(model, served);
    }

    [Fact]
    public async Task More_bytes_than_the_server_has_are_thrown_away()
    {
        var (model, served) = _bench.Serve("model.gguf");
        Directory.CreateDirectory(Path.GetDirectoryName(model.PathIn(_bench.Folder))!);
        File.WriteAllBytes(model.PathIn(_bench.Folder) + ".part", new byte[ModelsBench.Size + 1]);
        File.WriteAllText(model.PathIn(_bench.Folder) + ".part.etag", "\"one\"");
        await _bench.PullAsync(model);
        _bench.AssertThere(model, served);
        Assert.Equal(2, _bench.Gets.Count);
    }

    [Fact]
    public async Task Bytes_of_another_file_in_the_part_are_noticed_and_fetched_again()
    {
        var (model, served) = _bench.Serve("model.gguf");
        Directory.CreateDirectory(Path.GetDirectoryName(model.PathIn(_bench.Folder))!);
        File.WriteAllBytes(model.PathIn(_bench.Folder) + ".part", new byte[1000]);
        File.WriteAllText(model.PathIn(_bench.Folder) + ".part.etag", "\"one\"");
        await _bench.PullAsync(model);
        _bench.AssertThere(model, served);
    }

    [Fact]
    public async Task Wrong_bytes_never_get_into_the_folder()
    {
        var (model, served) = _bench.Serve("model.gguf");
        served.Content[^1] ^= 1;
        var error = await _bench.FailAsync(model);
        Assert.Equal(ErrorCode.ModelDamaged, error.Code);
        Assert.Contains(model.Sha256, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(model.PathIn(_bench.Folder)));
    }

    [Fact]
    public async Task Another_size_is_refused_before_it_is_downloaded()
    {
        var (model, _) = _bench.Serve("model.gguf");
        var error = await _bench.FailAsync(model with { Size = 7 });
        Assert.Equal(ErrorCode.ModelDamaged, error.Code);
        Assert.False(File.Exists(model.PathIn(_bench.Folder)));
    }

    [Fact]
    public async Task A_damaged_file_is_replaced_and_never_missing_meanwhile()
    {
        var (model, served) = _bench.Serve("model.gguf");
        await _bench.PullAsync(model);
        var damaged = served.Content.ToArray();
        damaged[0] ^= 1;
        File.WriteAllBytes(model.PathIn(_bench.Folder), damaged);
        File.SetLastWriteTimeUtc(model.PathIn(_bench.Folder), DateTime.UnixEpoch);
        Assert.Single(await _bench.PullAsync(model));
        _bench.AssertThere(model, served);
    }

    [Theory]
    [InlineData(404, false, "manifest")]
    [InlineData(403, false, "HF_TOKEN")]
    [InlineData(503, true, "503")]
    [InlineData(429, true, "429")]
    public async Task What_cannot_be_had_is_told_with_what_to_change_and_the_others_are_finished(int status, bool retried, string hint)
    {
        var (model, served) = _bench.Serve("model.gguf");
        var (other, servedOther) = _bench.Serve("other.gguf");
        for (var time = 0; time <= _bench.Options.Retries; time++)
        {
            served.Statuses.Enqueue(status);
        }

        var error = await _bench.FailAsync(model, other);

        Assert.Equal(ErrorCode.ModelUnavailable, error.Code);
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
        var tries = _bench.Gets.Count(request => request.Path.EndsWith("/model.gguf", StringComparison.Ordinal));
        Assert.Equal(retried ? _bench.Options.Retries + 1 : 1, tries);
        _bench.AssertThere(other, servedOther);
    }

    [Fact]
    public async Task A_server_that_comes_back_is_asked_again()
    {
        var (model, served) = _bench.Serve("model.gguf");
        served.Statuses.Enqueue(502);
        served.Statuses.Enqueue(503);
        await _bench.PullAsync(model);
        _bench.AssertThere(model, served);
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_left_and_asked_again()
    {
        var (model, served) = _bench.Serve("model.gguf");
        served.Stall = new TaskCompletionSource();
        // On a busy machine a server may seem silent many times in a row.
        _bench.Options = _bench.Options with { Silence = TimeSpan.FromMilliseconds(300), Retries = 1000 };
        var pull = _bench.PullAsync(model);
        await EngineBench.UntilAsync(() => _bench.Gets.Count > 1);
        served.Stall.SetResult();
        await pull;
        _bench.AssertThere(model, served);
    }

    [Fact]
    public async Task Nothing_is_downloaded_that_could_not_be_told_from_damaged_content_unless_it_is_wanted()
    {
        var (locked, _) = _bench.Serve("locked.gguf");
        var (model, served) = _bench.Serve("model.gguf");
        var unlocked = model with { Sha256 = "" };
        var error = await _bench.FailAsync(locked, unlocked);
        Assert.Equal(ErrorCode.ArgumentInvalid, error.Code);
        Assert.Contains("model.gguf", error.Message, StringComparison.Ordinal);
        Assert.Empty(_bench.Gets);

        _bench.Options = _bench.Options with { AllowUnlocked = true };
        await _bench.PullAsync(unlocked);
        _bench.AssertThere(unlocked, served);
    }

    [Fact]
    public async Task A_disk_without_the_room_is_told_before_anything_is_downloaded()
    {
        var (model, _) = _bench.Serve("model.gguf");
        var error = await _bench.FailAsync(model with { Size = long.MaxValue / 4 });
        Assert.Equal(ErrorCode.DiskFull, error.Code);
        Assert.Empty(_bench.Gets);
    }

    [Fact]
    public async Task Of_two_pulls_into_one_folder_one_waits_and_finds_everything_there()
    {
        var (model, served) = _bench.Serve("model.gguf");
        served.Stall = new TaskCompletionSource();
        var first = _bench.PullAsync(model);
        await EngineBench.UntilAsync(() => _bench.Gets.Count == 1);
        var second = _bench.PullAsync(model);
        await EngineBench.UntilAsync(() => _bench.WaitsSeen == 1);
        served.Stall.SetResult();
        Assert.Equal((1, 0), ((await first).Count, (await second).Count));
        _bench.AssertThere(model, served);
        Assert.Single(_bench.Gets);
    }

    [Fact]
    public async Task A_mirror_has_the_same_paths_for_what_is_in_no_repository_too()
    {
        var (model, served) = _bench.Serve("model.gguf");
        _bench.Server.Files["/mirror/torchaudio/models/model.gguf"] = served;
        using var downloader = new ModelDownloader(
            new ModelSource(new Uri("https://models.invalid"), new Uri(_bench.Server.Address, "/mirror"), "secret"), _bench.Options, TimeProvider.System);
        var place = model.PathIn(_bench.Folder);
        await downloader.DownloadAsync(
            model with { Url = new Uri("https://elsewhere.invalid/torchaudio/models/model.gguf") }, place, _ => { }, ModelsBench.Cancellation);
        _bench.AssertThere(model, served);
        Assert.Equal("", Assert.Single(_bench.Gets).Authorization);
    }

    [Fact]
    public async Task The_token_goes_to_the_manifests_host_and_not_to_where_that_redirects()
    {
        await using var network = await ModelServer.StartAsync();
        var (model, served) = _bench.Serve("model.gguf");
        network.Files["/content"] = new ServedFile { Content = served.Content };
        served.Redirect = new Uri(network.Address, "/content");
        using var downloader = new ModelDownloader(new ModelSource(_bench.Server.Address, null, "secret"), _bench.Options, TimeProvider.System);
        await downloader.DownloadAsync(model, model.PathIn(_bench.Folder), _ => { }, ModelsBench.Cancellation);
        Assert.Equal("Bearer secret", Assert.Single(_bench.Gets).Authorization);
        Assert.Equal("", Assert.Single(network.Requests).Authorization);
    }
}
