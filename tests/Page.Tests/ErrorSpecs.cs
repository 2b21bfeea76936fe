using WanTalk.EndToEnd.Support;
using WanTalk.Page.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WanTalk.Page.Tests;

/// <summary>What goes wrong is told where it belongs, and says what to do.</summary>
public sealed class ErrorSpecs(Browser browser, SharedServer server) : IDisposable
{
    private const string Refused = "status of 400";
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_missing_or_wrong_is_told_beside_its_input_and_gone_when_it_is_right()
    {
        await using var own = await OwnServerAsync();
        await using var visit = await browser.OpenAsync(own.Address);
        await visit.Button("Start the talk").ClickAsync();
        await Expect(visit.Find("#portrait-messages")).ToContainTextAsync("There is no portrait");
        await Expect(visit.Find("#speech-messages")).ToContainTextAsync("There is no speech");
        await Expect(visit.Find("#portrait-file")).ToBeFocusedAsync();

        visit.Expect(Refused);
        var words = _folder.File("portrait.png");
        await File.WriteAllTextAsync(words, "This is no picture.", TestEnd);
        await visit.Find("#portrait-file").SetInputFilesAsync(words);
        await visit.Find("#speech-file").SetInputFilesAsync(Repository.Speech);
        await Expect(visit.Find("#portrait-messages .error")).ToContainTextAsync("JPEG or PNG");
        await Expect(visit.Find("#speech-messages li")).ToHaveCountAsync(0);
        await visit.Find("#portrait-file").SetInputFilesAsync(Repository.Portrait);
        await Expect(visit.Find("#plan-figures")).ToBeVisibleAsync();
        await Expect(visit.Find("#portrait-messages li")).ToHaveCountAsync(0);

        await visit.Find("#speech-file").SetInputFilesAsync(words);
        await Expect(visit.Find("#speech-messages .error")).ToBeVisibleAsync();
        await Expect(visit.Find("#portrait-messages li")).ToHaveCountAsync(0);
        await visit.PictureAsync("refused");
        await visit.Find("#speech-file").SetInputFilesAsync(Repository.Speech);
        await Expect(visit.Find("#plan-figures")).ToBeVisibleAsync();

        await visit.Find("#width").FillAsync("50");
        await Expect(visit.Find("#width-messages .error")).ToBeVisibleAsync();
        await Expect(visit.Find("#width")).ToHaveAttributeAsync("aria-invalid", "true");
        await visit.Button("Start the talk").ClickAsync();
        await Expect(visit.Find("#width")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_talk_that_fails_says_why_beside_what_it_is_about_and_can_be_tried_again_or_deleted()
    {
        await using var own = await OwnServerAsync();
        await using var visit = await browser.OpenAsync(own.Address);
        var picture = await visit.Page.EvaluateAsync<string>(
            """
            () => {
              const canvas = document.createElement('canvas');
              canvas.width = canvas.height = 300;
              canvas.getContext('2d').fillRect(0, 0, 300, 300);
              return canvas.toDataURL('image/png').split(',')[1];
            }
            """);
        var path = _folder.File("dark.png");
        await File.WriteAllBytesAsync(path, Convert.FromBase64String(picture), TestEnd);
        await visit.ChooseSamplesAsync();
        await visit.Find("#portrait-file").SetInputFilesAsync(path);
        await Expect(visit.Find("#portrait-about")).ToContainTextAsync("dark.png");
        await visit.WaitForRestAsync();
        await visit.Button("Start the talk").ClickAsync();
        await visit.WaitForStatusAsync("Failed");
        await Expect(visit.Find("#talk-messages")).ToContainTextAsync("face");
        await Expect(visit.Find("#findings-portrait .error")).ToContainTextAsync("face");
        await Expect(visit.Button("Try again")).ToBeVisibleAsync();
        await Expect(visit.Find("#download")).ToBeHiddenAsync();
        await visit.PictureAsync("failed");
        // It may have failed again before the page has drawn that it is being made: the button says when that was shown. It cannot be used
        // until the answer has come, and is not there until the end has.
        var answer = await visit.Page.RunAndWaitForResponseAsync(
            () => visit.Button("Try again").ClickAsync(), response => response.Url.EndsWith("/retry", StringComparison.Ordinal));
        Assert.True(answer.Ok, $"{answer.Status}");
        await Expect(visit.Button("Try again")).ToBeEnabledAsync();
        await visit.WaitForStatusAsync("Failed");
        await visit.Find("#delete").ClickAsync();
        await visit.Find("#ask-yes").ClickAsync();
        await Expect(visit.Find("#compose")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_talk_that_is_not_there_is_said_not_to_be_there()
    {
        await using var visit = await browser.OpenAsync(server.Address, "#/talks/none");
        visit.Expect("status of 404");
        await Expect(visit.Find("#talk-messages")).ToContainTextAsync("There is no talk 'none'");
    }

    /// <summary>
    /// Inputs that have been replaced are still looked at, and those without a key may have only so many looked at at a time: on the server of
    /// all tests others would be refused while its runner is not there yet.
    /// </summary>
    private Task<TalkServer> OwnServerAsync() => TalkServer.StartAsync(_folder);
}
