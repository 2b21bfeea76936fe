using System.Text.Json;

namespace WanTalk.EndToEnd.Support;

/// <summary>A server in a home, and its API as a program uses it.</summary>
internal sealed class TalkServer : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private readonly WanTalkCommand _command;

    private TalkServer(WanTalkCommand command, Uri address) => (_command, Address) = (command, address);

    public Uri Address { get; }

    public static async Task<TalkServer> StartAsync(
        TemporaryFolder folder, IReadOnlyDictionary<string, string>? environment = null, EngineProcess? engine = null)
    {
        string[] given = engine is null ? [] : ["--comfyui", engine.Address];
        var command = WanTalkCommand.Start(folder, [], ["serve", "--port", "0", .. given], environment);
        return new TalkServer(command, new Uri((await command.FirstOutputLine).Split(' ')[^1]));
    }

    /// <summary>Asks for a talk of the sample portrait.</summary>
    public async Task<HttpResponseMessage> PostAsync(
        int side, string? speech = null, string? workflow = null, params IEnumerable<(string Name, string Value)> fields) =>
        await PostToAsync("/api/talks", side, speech, workflow, fields);

    /// <summary>Asks what a talk of the sample speech would take.</summary>
    public async Task<JsonElement> QuoteAsync(int side)
    {
        using var answer = await PostToAsync("/api/quote", side, null, null, []);
        return await ReadAsync(answer);
    }

    private async Task<HttpResponseMessage> PostToAsync(
        string route, int side, string? speech, string? workflow, IEnumerable<(string Name, string Value)> fields)
    {
        await using var portraitFile = File.OpenRead(Repository.Portrait);
        await using var speechFile = File.OpenRead(speech ?? Repository.Speech);
        using var form = new MultipartFormDataContent
        {
            { new StreamContent(portraitFile), "portrait", "portrait.png" },
            { new StreamContent(speechFile), "speech", "speech.wav" },
            { new StringContent($"{side}"), "width" },
            { new StringContent($"{side}"), "height" },
            { new StringContent("5"), "seed" },
        };
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        if (workflow is not null)
        {
            form.Add(new StringContent(workflow), "workflow");
        }

        return await _http.PostAsync(new Uri(Address, route), form, TestContext.Current.CancellationToken);
    }

    /// <summary>Looks at a talk until it is as it should be; the windows that are done never go back.</summary>
    public async Task<JsonElement> PollAsync(Uri talk, Func<JsonElement, bool> until)
    {
        var windows = 0;
        while (true)
        {
            using var answer = await _http.GetAsync(talk, TestContext.Current.CancellationToken);
            var view = await ReadAsync(answer);
            Assert.True(view.GetProperty("windows_done").GetInt32() >= windows, "The windows that are done went back.");
            windows = view.GetProperty("windows_done").GetInt32();
            if (until(view))
            {
                return view;
            }

            Assert.False(view.GetProperty("status").GetString() is "failed" or "cancelled", view.ToString());
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Looks at a talk until it is over, however it ends.</summary>
    public Task<JsonElement> EndOfAsync(Uri talk) => PollAsync(talk, view => view.GetProperty("status").GetString() is not ("queued" or "running"));

    /// <summary>Stores a finished talk's video in a file.</summary>
    public async Task DownloadAsync(JsonElement done, string file)
    {
        var video = Assert.Single(done.GetProperty("video").EnumerateArray()).GetString();
        var bytes = await _http.GetByteArrayAsync(video, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

    /// <summary>kill -9, and the end of all that it had started.</summary>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _command.DisposeAsync();
    }
}
