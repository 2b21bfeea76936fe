using Microsoft.Playwright;
using WanTalk.Page.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WanTalk.Page.Tests;

/// <summary>What a runner finds about portrait and speech, beside each, while they are being chosen.</summary>
public sealed class PreflightSpecs(Browser browser, SharedServer server)
{
    private const string Fine = "nothing was found against it";

    [Fact]
    public async Task A_silent_speech_is_told_beside_it_before_anything_is_started_and_no_more_when_another_is_chosen()
    {
        await using var visit = await browser.OpenAsync(server.Address);
        await ChooseSpeechAsync(visit, "silence.wav", ShortSpeech.SilenceOf(2));
        await visit.Find("#portrait-file").SetInputFilesAsync(Repository.Portrait);
        await Expect(visit.Find("#speech-preflight .error")).ToContainTextAsync("nothing to hear");
        await Expect(visit.Find("#start-note")).ToContainTextAsync("its speech would be refused");
        await Expect(visit.Find("#portrait-looked")).ToContainTextAsync(Fine);
        await Expect(visit.Find("#portrait-preflight li")).ToHaveCountAsync(0);
        await visit.PictureAsync("found");

        await ChooseSpeechAsync(visit, "speech.wav", ShortSpeech.Of(3));
        await Expect(visit.Find("#speech-looked")).ToContainTextAsync(Fine);
        await Expect(visit.Find("#speech-preflight li")).ToHaveCountAsync(0);
        await Expect(visit.Find("#start-note")).ToHaveTextAsync("");

        // A server that cannot look now holds nobody up.
        visit.Expect("status of 503");
        await visit.Page.RouteAsync("**/api/preflight", route => route.FulfillAsync(new() { Status = 503, Body = "{}" }));
        await visit.Find("#shape").SelectOptionAsync("256x256");
        await Expect(visit.Find("#portrait-looked")).ToContainTextAsync("could not be looked at now");
        await Expect(visit.Find("#speech-looked")).ToContainTextAsync(Fine);
        await Expect(visit.Button("Start the talk")).ToBeEnabledAsync();
    }

    private static Task ChooseSpeechAsync(Visit visit, string name, byte[] wave) =>
        visit.Find("#speech-file").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "audio/wav", Buffer = wave });
}
