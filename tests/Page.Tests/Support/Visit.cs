using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WanTalk.Page.Tests.Support;

/// <summary>Somebody on the page. Whatever the browser's console complains about fails the test, but for refusals that it says it expects.</summary>
internal sealed class Visit : IAsyncDisposable
{
    /// <summary>How long anything of the page is waited for.</summary>
    internal const int PatienceMilliseconds = 120_000;
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly List<string> _expected = [];

    private Visit(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.SetDefaultTimeout(PatienceMilliseconds);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue($"{message.Type}: {message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => _complaints.Enqueue(error);
    }

    public IPage Page { get; }

    public static async Task<Visit> BeginAsync(IBrowserContext context, Uri address)
    {
        SetDefaultExpectTimeout(PatienceMilliseconds);
        var visit = new Visit(context, await context.NewPageAsync());
        await visit.Page.GotoAsync(address.ToString());
        return visit;
    }

    /// <summary>Lets the browser complain of answers with a status, or of something with a text.</summary>
    public void Expect(params IEnumerable<string> texts) => _expected.AddRange(texts);

    public ILocator Find(string selector) => Page.Locator(selector);

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Drops a file on a part of the page, as from a folder.</summary>
    public async Task DropAsync(string selector, string path, string type)
    {
        var bytes = Convert.ToBase64String(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        await using var transfer = await Page.EvaluateHandleAsync(
            """
            ([bytes, name, type]) => {
              const transfer = new DataTransfer();
              transfer.items.add(new File([Uint8Array.from(atob(bytes), letter => letter.charCodeAt(0))], name, { type }));
              return transfer;
            }
            """,
            new[] { bytes, Path.GetFileName(path), type });
        await Page.DispatchEventAsync(selector, "drop", new { dataTransfer = transfer });
    }

    /// <summary>Gives the address of an input.</summary>
    public async Task UseAddressAsync(string input, string address)
    {
        await Find($"#{input}-input summary").ClickAsync();
        await Find($"#{input}-url").FillAsync(address);
        await Find($"#{input}-use").ClickAsync();
    }

    /// <summary>Chooses both samples, the speech cut (4 seconds are two windows), and a small size.</summary>
    public async Task ChooseSamplesAsync(int seconds = 4)
    {
        await Find("#portrait-file").SetInputFilesAsync(Repository.Portrait);
        await Find("#speech-file").SetInputFilesAsync(new FilePayload { Name = "speech.wav", MimeType = "audio/wav", Buffer = ShortSpeech.Of(seconds) });
        await Find("#shape").SelectOptionAsync("256x256");
    }

    /// <summary>
    /// Lets the browser complain that something of the talk that is shown is not there: its pictures, its stream and its video may still be
    /// on their way when it is deleted.
    /// </summary>
    public void ExpectGone() => Expect($"/api/{new Uri(Page.Url).Fragment.TrimStart('#', '/')}/");

    /// <summary>Waits until a speech that was chosen is kept in the browser for the next time.</summary>
    public Task WaitForDraftAsync() => Page.WaitForFunctionAsync(
        """
        async () => (await (await import('/page/saved/inputs.js')).recall('draft'))?.speech
        """);

    /// <summary>Starts what is chosen, and waits until it is shown.</summary>
    public async Task StartAsync()
    {
        await WaitForRestAsync();
        await Button("Start the talk").ClickAsync();
        await Expect(Find("#talk-status")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("Queued|Being made|Done"));
    }

    /// <summary>Waits until what was asked about the draft has been answered: what comes above a button may move it out of a click under way.</summary>
    public Task WaitForRestAsync() => Page.WaitForFunctionAsync(
        """
        () => !document.getElementById('plan').classList.contains('stale') && ['portrait', 'speech'].every(which =>
          document.getElementById(`${which}-preflight`).childElementCount > 0
          || !['', 'Being looked at…'].includes(document.getElementById(`${which}-looked`).textContent))
        """);

    /// <summary>Moves the focus with the tabulator key alone.</summary>
    public async Task TabToAsync(string id)
    {
        for (var presses = 0; presses < 80; presses++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await Page.EvaluateAsync<bool>("id => document.activeElement?.id === id", id))
            {
                return;
            }
        }

        Assert.Fail($"The tabulator key does not lead to '{id}'.");
    }

    /// <summary>Keeps a picture of the page where <c>WANTALK_SCREENSHOTS</c> says; without it nothing is kept.</summary>
    public async Task PictureAsync(string name, bool whole = true)
    {
        if (Environment.GetEnvironmentVariable("WANTALK_SCREENSHOTS") is { Length: > 0 } folder)
        {
            // What sticks while a reader scrolls would lie over a picture of the whole page, and the machine that drew it is nobody's matter.
            await Page.EvaluateAsync(
                """
                machine => {
                  window.scrollTo(0, 0);
                  document.querySelectorAll('#facts dd').forEach(fact => { fact.textContent = fact.textContent.replace(machine, 'studio'); });
                }
                """,
                Environment.MachineName.ToLowerInvariant());
            var picture = await Page.ScreenshotAsync(new() { FullPage = whole, Animations = ScreenshotAnimations.Disabled });
            await SmallPicture.WriteAsync(picture, Path.Combine(folder, $"{name}.png"));
        }
    }

    public Task WaitForStatusAsync(string status) => Expect(Find("#talk-status")).ToHaveTextAsync(status);

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        var unexpected = _complaints.Where(complaint => !_expected.Any(text => complaint.Contains(text, StringComparison.Ordinal))).ToList();
        Assert.True(unexpected.Count == 0, string.Join('\n', unexpected));
    }
}
