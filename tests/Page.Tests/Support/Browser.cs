using Microsoft.Playwright;

namespace WanTalk.Page.Tests.Support;

/// <summary>Debian's Chromium, without a window.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = Arguments });
    }

    /// <summary>Opens the page of a server as somebody who has never been there.</summary>
    internal async Task<Visit> OpenAsync(
        Uri server, string hash = "", int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light,
        bool reducedMotion = false)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = reducedMotion ? ReducedMotion.Reduce : ReducedMotion.NoPreference,
            AcceptDownloads = true,
            Locale = "en-GB",
            Permissions = ["microphone", "clipboard-read", "clipboard-write"],
        });
        return await Visit.BeginAsync(context, new Uri(server, hash));
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
