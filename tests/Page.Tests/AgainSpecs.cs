using System.Net;
using WanTalk.EndToEnd.Support;
using WanTalk.Page.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WanTalk.Page.Tests;

/// <summary>Talks whose inputs lie elsewhere, and talks that this browser knows nothing of.</summary>
public sealed class AgainSpecs(Browser browser, SharedServer server)
{
    [Fact]
    public async Task Inputs_at_addresses_become_takes_that_are_cancelled_and_tried_again_and_somebody_else_makes_them_again()
    {
        await using var files = new FileServer(
            new Dictionary<string, string> { ["/people/portrait.png"] = Repository.Portrait, ["/speech.wav"] = Repository.Speech });
        await using var own = await HeldServer.StartAsync(SharedServer.Environment);
        await own.HoldAsync();
        await using var visit = await browser.OpenAsync(own.Address);
        // Its files may be shown and played here, but not read: it says nothing of other sites.
        visit.Expect("CORS policy", "net::ERR_FAILED", "status of 400");
        await visit.UseAddressAsync("portrait", files.Url("/people/portrait.png"));
        await visit.UseAddressAsync("speech", files.Url("/speech.wav"));
        await Expect(visit.Find("#portrait-about")).ToContainTextAsync("portrait.png · 512 × 512");
        await Expect(visit.Find("#speech-about")).ToContainTextAsync("speech.wav");
        await visit.Find("#shape").SelectOptionAsync("256x256");
        await visit.Find("#continuity").SelectOptionAsync("takes");
        await visit.Find("#take_seconds").FillAsync("4");
        await visit.StartAsync();
        await Expect(visit.Find("#talk-windows .take-name")).ToHaveTextAsync(["Take 1", "Take 2"]);
        await visit.Button("Cancel").ClickAsync();
        await visit.WaitForStatusAsync("Cancelled");
        await own.LetGoAsync();
        await visit.Button("Try again").ClickAsync();
        await visit.WaitForStatusAsync("Done");
        await Expect(visit.Find("#talk-windows .cell.done").First).ToBeVisibleAsync();
        await Expect(visit.Find("#talk-windows .cell:not(.done)")).ToHaveCountAsync(0);

        await using var other = await browser.OpenAsync(own.Address, new Uri(visit.Page.Url).Fragment, reducedMotion: true);
        other.Expect("CORS policy", "net::ERR_FAILED", "status of 400");
        await Expect(other.Find("#play")).ToBeVisibleAsync();
        await other.Page.WaitForFunctionAsync("() => document.getElementById('video').duration > 5");
        await other.Page.WaitForFunctionAsync("() => document.getElementById('video').poster.endsWith('/portrait')");
        Assert.True(await other.Find("#video").EvaluateAsync<bool>("video => video.paused"));
        Assert.Equal("none", await other.Find("#talk-windows .cell").First.EvaluateAsync<string>("cell => getComputedStyle(cell, '::after').transitionProperty"));
        await other.Find("#play").ClickAsync();
        await other.Page.WaitForFunctionAsync("() => document.getElementById('video').currentTime > 0");
        await Expect(other.Find("#play")).ToBeHiddenAsync();
        await other.Button("Make again with other settings").ClickAsync();
        await Expect(other.Find("#portrait-canvas")).ToBeVisibleAsync();
        await Expect(other.Find("#speech-about")).ToContainTextAsync("speech.wav");
        await Expect(other.Find("#continuity")).ToHaveValueAsync("takes");
        await Expect(other.Find("#take_seconds")).ToHaveValueAsync("4");
        await Expect(other.Find("#notice")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Of_a_talk_made_elsewhere_of_files_the_settings_are_set_and_the_files_asked_for()
    {
        using var made = await server.Api.PostAsync(128, fields: [("audio_end", "1.5"), ("prompt", "A singer"), ("cfg", "1.5")]);
        Assert.Equal(HttpStatusCode.Accepted, made.StatusCode);
        await using var visit = await browser.OpenAsync(server.Address, $"#/talks/{made.Headers.Location!.Segments[^1]}");
        await visit.Button("Make again with other settings").ClickAsync();
        await Expect(visit.Find("#notice")).ToContainTextAsync("Choose the portrait and the speech again");
        await Expect(visit.Find("#notice")).ToContainTextAsync("no field for cfg");
        await Expect(visit.Find("#width")).ToHaveValueAsync("128");
        await Expect(visit.Find("#seed")).ToHaveValueAsync("5");
        await Expect(visit.Find("#audio_end")).ToHaveValueAsync("1.5");
        await Expect(visit.Find("#prompt")).ToHaveValueAsync("A singer");
        await Expect(visit.Find("#portrait-hint")).ToBeVisibleAsync();
    }
}
