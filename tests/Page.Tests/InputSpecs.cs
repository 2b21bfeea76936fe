using System.Text.RegularExpressions;
using System.Threading.Channels;
using Microsoft.Playwright;
using WanTalk.Page.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WanTalk.Page.Tests;

/// <summary>Other ways to give the inputs, and other people who give them.</summary>
public sealed class InputSpecs(Browser browser, SharedServer server)
{
    [Fact]
    public async Task A_speech_is_recorded_and_survives_a_reload()
    {
        await using var visit = await browser.OpenAsync(server.Address);
        await visit.Button("Record").ClickAsync();
        await Expect(visit.Find("#record")).ToHaveTextAsync(new Regex(@"^Stop \([1-9]\d* s\)$"));
        await visit.Find("#record").ClickAsync();
        await Expect(visit.Find("#speech-canvas")).ToBeVisibleAsync();
        await Expect(visit.Find("#speech-about")).ToContainTextAsync("Recording ·");
        await Expect(visit.Find("#plan-windows .cell").First).ToBeVisibleAsync();
        await visit.WaitForDraftAsync();
        await visit.Page.ReloadAsync();
        await Expect(visit.Find("#speech-about")).ToContainTextAsync("Recording ·");
        await visit.Find("#speech-clear").ClickAsync();
        await Expect(visit.Find("#speech-canvas")).ToBeHiddenAsync();
        await visit.UseAddressAsync("speech", "speech");
        await Expect(visit.Find("#speech-messages")).ToContainTextAsync("https://");
    }

    [Fact]
    public async Task Everything_is_done_with_the_keyboard_alone()
    {
        // Of its own, since others would ask for the pictures of a talk that is deleted here.
        await using var own = await HeldServer.StartAsync();
        await own.HoldAsync();
        await using var visit = await browser.OpenAsync(own.Address);
        var keyboard = visit.Page.Keyboard;
        // Asked for once, and before the tabulator's answers: what asks for them and a key that is pressed come to the page on different ways.
        var choosers = Channel.CreateUnbounded<IFileChooser>();
        visit.Page.FileChooser += (_, chooser) => choosers.Writer.TryWrite(chooser);
        await ChooseAsync("portrait-file", Repository.Portrait);
        await ChooseAsync("speech-file", Repository.Speech);
        await visit.TabToAsync("start");
        await keyboard.PressAsync("Enter");
        await Expect(visit.Find("#talk-title")).ToBeFocusedAsync();
        await visit.WaitForStatusAsync("Being made");
        await visit.TabToAsync("cancel");
        await keyboard.PressAsync("Enter");
        await visit.WaitForStatusAsync("Cancelled");
        visit.ExpectGone();
        await visit.TabToAsync("delete");
        await keyboard.PressAsync("Enter");
        await visit.TabToAsync("ask-yes");
        await keyboard.PressAsync("Enter");
        await Expect(visit.Find("#compose")).ToBeVisibleAsync();
        await Expect(visit.Find("#talk")).ToBeHiddenAsync();

        async Task ChooseAsync(string id, string path)
        {
            await visit.TabToAsync(id);
            await keyboard.PressAsync("Space");
            var chooser = await choosers.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMilliseconds(Visit.PatienceMilliseconds));
            await chooser.SetFilesAsync(path);
        }
    }

    [Fact]
    public async Task A_narrow_dark_screen_shows_everything_and_a_talk_comes_through_without_events()
    {
        await using var visit = await browser.OpenAsync(server.Address, width: 360, height: 740, scheme: ColorScheme.Dark);
        visit.Expect("net::ERR_FAILED");
        await visit.Page.RouteAsync("**/events", route => route.AbortAsync());
        await visit.ChooseSamplesAsync(seconds: 2);
        await Expect(visit.Find("#plan-figures")).ToBeVisibleAsync();
        await Expect(visit.Find("#portrait-canvas")).ToBeVisibleAsync();
        await AssertFitsAsync(visit);
        await visit.PictureAsync("narrow-compose");
        await visit.StartAsync();
        await visit.WaitForStatusAsync("Done");
        await AssertFitsAsync(visit);
        await visit.PictureAsync("narrow-done");
    }

    private static async Task AssertFitsAsync(Visit visit) =>
        Assert.Equal(360, await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
}
