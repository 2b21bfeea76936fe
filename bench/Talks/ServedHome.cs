using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace WanTalk.Bench.Talks;

/// <summary>A server in a home of its own, with its runner and its understudy, asked over HTTP as by anybody.</summary>
internal sealed class ServedHome : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private ServedHome(DirectoryInfo folder, Process process, HttpClient http) => (_folder, _process, Http) = (folder, process, http);

    /// <summary>Talks to it.</summary>
    public HttpClient Http { get; }

    /// <summary>The home's folder.</summary>
    public string Home => TalkRun.HomeIn(_folder.FullName);

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="environment">Variables that it and what it starts get beside those of this process.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ServedHome> StartAsync(IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("wantalk-bench-");
        var start = new ProcessStartInfo(
            "dotnet", [TalkRun.Program, "serve", "--port", "0", "--home", TalkRun.HomeIn(folder.FullName)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        var greeting = await process.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new InvalidOperationException("The server ended before it listened.");
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        return new ServedHome(folder, process, new HttpClient { BaseAddress = new Uri(greeting.Split(' ')[^1]) });
    }

    /// <summary>Makes a talk of the sample portrait and waits for its end.</summary>
    /// <param name="side">Its width and height.</param>
    /// <param name="speech">What is said.</param>
    /// <param name="onLook">Sees where the talk stands, ten times a second.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<JsonElement> TalkAsync(int side, string speech, Action<JsonElement> onLook, CancellationToken cancellationToken)
    {
        await using var portraitFile = File.OpenRead(Path.Combine(TalkRun.Samples, "portrait.png"));
        await using var speechFile = File.OpenRead(speech);
        using var form = new MultipartFormDataContent
        {
            { new StreamContent(portraitFile), "portrait", "portrait.png" },
            { new StreamContent(speechFile), "speech", Path.GetFileName(speech) },
            { new StringContent($"{side}"), "width" },
            { new StringContent($"{side}"), "height" },
        };
        using var accepted = await Http.PostAsync(new Uri("api/talks", UriKind.Relative), form, cancellationToken);
        if (!accepted.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"The talk was refused: {await accepted.Content.ReadAsStringAsync(cancellationToken)}");
        }

        while (true)
        {
            var talk = await Http.GetFromJsonAsync<JsonElement>(accepted.Headers.Location, cancellationToken);
            onLook(talk);
            switch (talk.GetProperty("status").GetString())
            {
                case "completed":
                    return talk;
                case "failed" or "cancelled":
                    throw new InvalidOperationException($"The talk failed: {talk}");
                default:
                    await Task.Delay(TimeSpan.FromSeconds(0.1), cancellationToken);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        // As an operator ends it: runner and engine end before it does.
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
