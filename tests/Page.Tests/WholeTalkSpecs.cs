using System.Text.RegularExpressions;
using WanTalk.Page.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WanTalk.Page.Tests;

/// <summary>A talk from its two inputs to its end, as somebody makes it who has only this page.</summary>
public sealed class WholeTalkSpecs(Browser browser)
{
    [Fact]
    public async Task A_talk_is_composed_started_watched_while_it_is_made_reloaded_downloaded_made_again_and_deleted()
    {
        await using var server = await HeldServer.StartAsync();
        await using var visit = await browser.OpenAsync(server.Address);
        await visit.DropAsync("#portrait-drop", Repository.Portrait, "image/png");
        await visit.DropAsync("#speech-drop", Repository.Speech, "audio/wav");
        await Expect(visit.Find("#portrait-canvas")).ToBeVisibleAsync();
        await Expect(visit.Find("#portrait-about")).ToContainTextAsync("as 640 × 640");
        await Expect(visit.Find("#speech-canvas")).ToBeVisibleAsync();
        await Expect(visit.Find("#speech-about")).ToContainTextAsync(new Regex(@"\d s ·"));
        await visit.Find("#shape").SelectOptionAsync("256x256");
        await Expect(visit.Find("#portrait-about")).ToContainTextAsync("as 256 × 256");
        await Expect(visit.Find("#plan-figures")).ToContainTextAsync("Frames shown");
        await Expect(visit.Find("#plan-quote tbody tr").First).ToBeVisibleAsync();
        var planned = await visit.Find("#plan-windows .cell").CountAsync();
        Assert.True(planned > 1, $"{planned} windows");
        // The plan follows the settings.
        await visit.Find("#plan-figures").EvaluateAsync("list => list.dataset.before = list.textContent");
        await visit.Page.GetByText("More settings").ClickAsync();
        await visit.Find("#audio_end").FillAsync("3");
        await Expect(visit.Find("#plan-windows .cell")).ToHaveCountAsync(1);
        await visit.Find("#audio_end").FillAsync("");
        await Expect(visit.Find("#plan-windows .cell")).ToHaveCountAsync(planned);

        await visit.Page.GetByText("More settings").ClickAsync();
        await visit.PictureAsync("compose");
        // The second window is not made before everything was seen that is to be seen meanwhile.
        await server.HoldAsync();
        await visit.StartAsync();
        await visit.Page.WaitForFunctionAsync(
            "() => document.getElementById('video').currentTime > 0.2 && document.getElementById('talk-status').textContent === 'Being made'");
        await visit.PictureAsync("making");
        var address = visit.Page.Url;
        await visit.Page.ReloadAsync();
        Assert.Equal(address, visit.Page.Url);
        await visit.Page.WaitForFunctionAsync("() => document.getElementById('video').currentTime > 0.2");
        await visit.WaitForStatusAsync("Being made");
        await server.LetGoAsync();
        await visit.WaitForStatusAsync("Done");

        await Expect(visit.Find("#talk-windows .cell.done")).ToHaveCountAsync(planned);
        await Expect(visit.Find("#window-settings tbody tr").First).ToBeVisibleAsync();
        await Expect(visit.Find("#facts")).ToContainTextAsync("256 × 256");
        await visit.Button("Copy link").ClickAsync();
        await Expect(visit.Find("#link")).ToHaveValueAsync(new Regex("/api/talks/.+/video$"));
        var download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Find("#download").ClickAsync());
        Assert.True(new FileInfo(await download.PathAsync()).Length > 10_000);
        await visit.Page.WaitForFunctionAsync("() => document.querySelector('#list .thumb img')?.naturalWidth === 256");

        // A finished talk plays from its file.
        await visit.Page.ReloadAsync();
        await visit.Page.WaitForFunctionAsync("() => document.getElementById('video').duration > 5");
        Assert.EndsWith("/video", await visit.Find("#video").EvaluateAsync<string>("video => video.src"), StringComparison.Ordinal);
        await Expect(visit.Find("#play")).ToBeVisibleAsync();

        await visit.PictureAsync("done");
        // With a talk of which nothing is known yet nothing can be done, least of all to the one before.
        await Expect(visit.Find("#delete")).ToBeVisibleAsync();
        await visit.Page.RouteAsync("**/api/talks/silent*", _ => { });
        await visit.Page.EvaluateAsync("location.hash = '#/talks/silent'");
        await Expect(visit.Find("#delete")).ToBeHiddenAsync();
        await Expect(visit.Find("#facts")).ToBeHiddenAsync();
        await Expect(visit.Button("Make again with other settings")).ToBeHiddenAsync();
        await visit.Page.GoBackAsync();

        await visit.Button("Make again with other settings").ClickAsync();
        await Expect(visit.Find("#portrait-canvas")).ToBeVisibleAsync();
        await Expect(visit.Find("#speech-canvas")).ToBeVisibleAsync();
        await Expect(visit.Find("#width")).ToHaveValueAsync("256");
        await Expect(visit.Find("#plan-windows .cell")).ToHaveCountAsync(planned);

        await visit.Page.GotoAsync(address);
        visit.ExpectGone();
        await visit.Find("#delete").ClickAsync();
        await visit.Find("#ask-yes").ClickAsync();
        await Expect(visit.Find("#compose")).ToBeVisibleAsync();
        await Expect(visit.Find($"#list a[href='{new Uri(address).Fragment}']")).ToHaveCountAsync(0);
    }
}
