using System.Globalization;
using WanTalk.Core.Owners;
using WanTalk.EndToEnd.Support;
using WanTalk.Page.Tests.Support;
using WanTalk.Ports;
using static Microsoft.Playwright.Assertions;

namespace WanTalk.Page.Tests;

/// <summary>Servers that want keys, and servers that go away.</summary>
public sealed class ServerSpecs(Browser browser) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_key_is_asked_for_once_and_reaches_stream_video_and_thumbnail()
    {
        var key = ApiKeys.New();
        await using var server = await TalkServer.StartAsync(
            _folder, new Dictionary<string, string> { [ApiKeys.Variable] = $"alice={ApiKeys.HashOf(key)};talks=1" });
        await using var visit = await browser.OpenAsync(server.Address);
        visit.Expect("status of 401", "status of 429");
        await Expect(visit.Find("#key-dialog")).ToBeVisibleAsync();
        await visit.Find("#key-value").FillAsync("wrong");
        await visit.Find("#key-submit").ClickAsync();
        await Expect(visit.Find("#key-reason")).ToContainTextAsync("not known here");
        await visit.PictureAsync("key", whole: false);
        await visit.Find("#key-value").FillAsync(key);
        await visit.Find("#key-submit").ClickAsync();
        await Expect(visit.Find("#list-state")).ToHaveTextAsync("None yet.");
        await visit.Page.ReloadAsync();
        await Expect(visit.Find("#list-state")).ToHaveTextAsync("None yet.");
        await Expect(visit.Find("#key-dialog")).ToBeHiddenAsync();

        await visit.ChooseSamplesAsync();
        await visit.StartAsync();
        var address = visit.Page.Url;
        await visit.Button("Make again with other settings").ClickAsync();
        await Expect(visit.Find("#speech-canvas")).ToBeVisibleAsync();
        await visit.Button("Start the talk").ClickAsync();
        await Expect(visit.Find("#form-messages")).ToContainTextAsync("Try again in");
        await visit.Page.GotoAsync(address);
        await visit.Page.WaitForFunctionAsync("() => document.getElementById('video').currentTime > 0.2");
        await visit.WaitForStatusAsync("Done");
        await visit.Page.WaitForFunctionAsync("() => document.querySelector('#list .thumb img')?.naturalWidth > 0");
        await visit.Page.ReloadAsync();
        await visit.Page.WaitForFunctionAsync("() => document.getElementById('video').duration > 3");

        await visit.Button("Forget key").ClickAsync();
        await Expect(visit.Find("#key-dialog")).ToBeVisibleAsync();
        await visit.Button("Not now").ClickAsync();
        await Expect(visit.Find("#list a")).ToHaveCountAsync(0);
        Assert.Empty(await visit.Page.Context.CookiesAsync());
        await Expect(visit.Button("Enter key")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_server_that_dies_and_comes_back_loses_nothing_of_what_is_shown()
    {
        var port = FreePorts.Take(1)[0].ToString(CultureInfo.InvariantCulture);
        string[] serve = ["serve", "--port", port];
        var first = WanTalkCommand.Start(_folder, serve);
        await first.FirstOutputLine;
        await using var visit = await browser.OpenAsync(new Uri($"http://127.0.0.1:{port}/"));
        visit.Expect("net::ERR_");
        await visit.ChooseSamplesAsync();
        await visit.StartAsync();
        await Expect(visit.Find("#talk-windows .cell").First).ToBeVisibleAsync();
        await first.DisposeAsync();
        await Expect(visit.Find("#notice")).ToContainTextAsync("does not answer");
        await using var second = WanTalkCommand.Start(_folder, serve);
        await visit.WaitForStatusAsync("Done");
        await Expect(visit.Find("#notice")).ToBeHiddenAsync();
        await visit.Page.WaitForFunctionAsync("() => document.getElementById('video').duration > 3");
    }
}
