using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;
using WanTalk.GpuRunner.Stages;
using WanTalk.Storage.Fetching;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Tests.Stages;

/// <summary>What prepare makes of inputs that a request names by address.</summary>
public sealed class NamedInputsSpecs : IAsyncLifetime
{
    private static readonly byte[] Picture = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];
    private static readonly byte[] Recording = "fLaC and more"u8.ToArray();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-named-");
    private readonly List<string> _asked = [];
    private readonly Dictionary<string, RequestDelegate> _answers = [];
    private WebApplication _server = null!;
    private Uri _address = null!;
    private FolderArtifactStore _store = null!;
    private GuardedFetcher _fetcher = null!;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    private static TalkPaths Paths { get; } = new("0123456789");

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(context =>
        {
            _asked.Add(context.Request.Path);
            return _answers[context.Request.Path](context);
        });
        await _server.StartAsync(TestEnd);
        _address = new Uri(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        _store = new FolderArtifactStore(_folder.CreateSubdirectory("artifacts").FullName, TimeProvider.System);
        _fetcher = new GuardedFetcher(new FetchOptions { PrivateHosts = [_address.Authority] }, TimeProvider.System);
        Serve("/portrait", Picture);
        Serve("/speech", Recording);
    }

    public async ValueTask DisposeAsync()
    {
        _fetcher.Dispose();
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task They_are_stored_once_so_that_a_retry_works_on_the_same_bytes()
    {
        await StoreAsync(Request("/portrait", "/speech"));
        Serve("/portrait", [.. Picture, 4, 5]);
        await StoreAsync(Request("/portrait", "/speech"));
        Assert.Equal(["/portrait", "/speech"], _asked);
        Assert.Equal(Picture, await ReadAsync(Paths.SourcePortrait));
        Assert.Equal(Recording, await ReadAsync(Paths.SourceSpeech));
    }

    [Fact]
    public async Task What_was_fetched_before_the_other_one_failed_is_kept()
    {
        _answers["/speech"] = Status(503);
        await FailsAsync(ErrorCode.InputUnreachable, Request("/portrait", "/speech"));
        Serve("/speech", Recording);
        await StoreAsync(Request("/portrait", "/speech"));
        Assert.Equal(["/portrait", "/speech", "/speech"], _asked);
    }

    [Fact]
    public async Task What_came_with_the_request_is_left_alone()
    {
        await StoreAsync(Request(null, null));
        Assert.Empty(_asked);
    }

    [Theory]
    [InlineData("/portrait", ErrorCode.PortraitEmpty, "")]
    [InlineData("/portrait", ErrorCode.PortraitUnreadable, "<html>Log in first</html>")]
    [InlineData("/portrait", ErrorCode.PortraitMissing, null)]
    [InlineData("/speech", ErrorCode.SpeechEmpty, "")]
    [InlineData("/speech", ErrorCode.SpeechUnreadable, "<html>Log in first</html>")]
    [InlineData("/speech", ErrorCode.SpeechNoAudio, "\u0089PNG\r\n\u001a\n")]
    [InlineData("/speech", ErrorCode.SpeechMissing, null)]
    public async Task What_intake_would_have_refused_is_refused_with_its_code_and_not_stored(string path, ErrorCode code, string? content)
    {
        if (content is null)
        {
            _answers[path] = Status(404);
        }
        else
        {
            Serve(path, System.Text.Encoding.Latin1.GetBytes(content));
        }

        await FailsAsync(code, Request("/portrait", "/speech"));
        Assert.False(await _store.ExistsAsync(path == "/portrait" ? Paths.SourcePortrait : Paths.SourceSpeech, TestEnd));
    }

    [Fact]
    public async Task What_is_too_large_is_refused_before_it_is_fetched()
    {
        _answers["/portrait"] = Large(TalkLimits.MaxPortraitBytes + 1);
        await FailsAsync(ErrorCode.PortraitTooLarge, Request("/portrait", "/speech"));
        Serve("/portrait", Picture);
        _answers["/speech"] = Large(TalkLimits.MaxSpeechBytes + 1);
        await FailsAsync(ErrorCode.SpeechTooLong, Request("/portrait", "/speech"));
    }

    private TalkRequest Request(string? portrait, string? speech) => new()
    {
        Id = "0123456789",
        CreatedAt = DateTimeOffset.UnixEpoch,
        PortraitName = "portrait.png",
        SpeechName = "speech.flac",
        PortraitUrl = portrait is null ? null : new Uri(_address, $"{portrait}?sig=secret"),
        SpeechUrl = speech is null ? null : new Uri(_address, $"{speech}?sig=secret"),
        RequestedSize = FrameSize.Default,
        EffectiveSize = FrameSize.Default,
        Seed = 1,
        Prompt = TalkLimits.DefaultPrompt,
        Warnings = [],
    };

    private Task StoreAsync(TalkRequest request) =>
        new NamedInputs(_store, _fetcher, _folder.CreateSubdirectory("scratch").FullName).StoreAsync(request, Paths, TestEnd);

    private async Task FailsAsync(ErrorCode code, TalkRequest request)
    {
        var failure = await Assert.ThrowsAsync<TalkException>(() => StoreAsync(request));
        Assert.Equal(code, failure.Error.Code);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
    }

    private async Task<byte[]> ReadAsync(ArtifactPath path)
    {
        await using var content = await _store.OpenReadAsync(path, TestEnd);
        var bytes = new byte[content!.Length];
        await content.ReadExactlyAsync(bytes, TestEnd);
        return bytes;
    }

    private void Serve(string path, byte[] content) => _answers[path] = context => context.Response.Body.WriteAsync(content).AsTask();

    private static RequestDelegate Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private static RequestDelegate Large(long bytes) => async context =>
    {
        context.Response.ContentLength = bytes;
        await context.Response.Body.FlushAsync();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    };
}
