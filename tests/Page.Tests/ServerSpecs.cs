using System.Text.RegularExpressions;
using Microsoft.Playwright;
using WanTalk.Core.Owners;
using WanTalk.EndToEnd.Support;
using WanTalk.Page.Tests.Support;
using WanTalk.Ports;
using static Microsoft.Playwright.Assertions;

namespace WanTalk.Page.Tests;

/// <summary>A server that wants keys, and goes away.</summary>
public sealed class ServerSpecs(Browser browser) : IDisposable
{
    private static readonly Regex OnceAskedFor = new("/(portrait|thumbnail|video|hls-[^/]*)$");

    /// <summary>A picture is asked for again after as long a time as it has not come: that is longer than others are waited for.</summary>
    private static readonly PageWaitForFunctionOptions AskedAgain = new() { Timeout = 360_000 };

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _elsewhere = new();

    public void Dispose()
    {
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task A_key_is_asked_for_once_and_a_server_that_dies_and_comes_back_loses_nothing_of_what_is_shown()
    {
        var key = ApiKeys.New();
        var port = FreePorts.Take(1)[0];
        await using var engine = await EngineProcess.StartAsync(_elsewhere, "--faults");
        await using var first = Serve(key, port, engine);
        await first.FirstOutputLine;
        await using var visit = await browser.OpenAsync(new Uri($"http://127.0.0.1:{port}/"));
        visit.Expect("status of 401", "status of 429", "net::ERR_");
        await GiveKeyAsync(visit, key);

        // Its second window is not made before the server has died and come back.
        await engine.ArmAsync(new { kind = "slow_window", window = 1, seconds = 600 });
        await visit.ChooseSamplesAsync();
        await visit.StartAsync();
        var address = visit.Page.Url;
        await visit.Button("Make again with other settings").ClickAsync();
        await Expect(visit.Find("#speech-canvas")).ToBeVisibleAsync();
        await visit.WaitForRestAsync();
        await visit.Button("Start the talk").ClickAsync();
        await Expect(visit.Find("#form-messages")).ToContainTextAsync("Try again in");
        // Whatever the page happens to ask for while the server is away does not come: here that is everything that it asks for once.
        await visit.Page.RouteAsync(OnceAskedFor, route => route.AbortAsync());
        await visit.Page.GotoAsync(address);
        await Expect(visit.Find("#talk-windows .cell").First).ToBeVisibleAsync();

        await first.DisposeAsync();
        await Expect(visit.Find("#notice")).ToContainTextAsync("does not answer");
        await using var second = Serve(key, port, engine);
        await engine.ClearAsync();
        await visit.WaitForStatusAsync("Done");
        await Expect(visit.Find("#notice")).ToBeHiddenAsync();
        await visit.Page.UnrouteAsync(OnceAskedFor);
        await AssertCookieReachesAsync(visit);

        await visit.Button("Forget key").ClickAsync();
        await Expect(visit.Find("#key-dialog")).ToBeVisibleAsync();
        await visit.Button("Not now").ClickAsync();
        await Expect(visit.Find("#list a")).ToHaveCountAsync(0);
        Assert.Empty(await visit.Page.Context.CookiesAsync());
        await Expect(visit.Button("Enter key")).ToBeVisibleAsync();
    }

    private WanTalkCommand Serve(string key, int port, EngineProcess engine) => WanTalkCommand.Start(
        _folder, [], ["serve", "--port", $"{port}", "--comfyui", engine.Address],
        new Dictionary<string, string> { [ApiKeys.Variable] = $"alice={ApiKeys.HashOf(key)};talks=1" });

    private static async Task GiveKeyAsync(Visit visit, string key)
    {
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
    }

    /// <summary>What sends no headers asks with the cookie: video, thumbnail, and Safari's player the stream.</summary>
    private static async Task AssertCookieReachesAsync(Visit visit)
    {
        await visit.Page.WaitForFunctionAsync("() => document.getElementById('video').duration > 3");
        await visit.Page.WaitForFunctionAsync("() => document.querySelector('#list .thumb img')?.naturalWidth > 0", options: AskedAgain);
        await visit.Page.WaitForFunctionAsync("() => document.getElementById('video').poster && document.getElementById('poster').naturalWidth > 0", options: AskedAgain);
        await visit.Button("Copy link").ClickAsync();
        await Expect(visit.Find("#link-note")).ToContainTextAsync("needs an API key");
        Assert.Equal(200, await visit.Page.EvaluateAsync<int>("async () => (await fetch(document.getElementById('link').value.replace(/video$/, 'hls/index.m3u8'))).status"));
    }
}
