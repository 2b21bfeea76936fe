using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WanTalk.EndToEnd.Support;

namespace WanTalk.EndToEnd;

/// <summary>Inputs that are too large for a request, uploaded as a program uploads them.</summary>
public sealed class UploadSpecs : IDisposable
{
    private const long MostOfRequest = 32 << 20;

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_talk_is_made_of_a_recording_that_is_too_large_for_a_request()
    {
        var speech = _folder.File("speech.wav");
        await MediaFile.MakeAsync($"-stream_loop -1 -i \"{Repository.Speech}\" -t 24 -ar 192000 -ac 2 -c:a pcm_f32le \"{speech}\"");
        Assert.True(new FileInfo(speech).Length > MostOfRequest);
        await using var server = await TalkServer.StartAsync(_folder);
        var recording = await AuthoriseAsync(server);
        await SendAsync(recording, speech);
        using var asked = await PostAsync(server, "api/quote", new { audio_url = NameOf(recording) });
        Assert.Equal(600, (await TalkServer.ReadAsync(asked)).GetProperty("visible_frames").GetInt32());
        var portrait = await AuthoriseAsync(server);
        await SendAsync(portrait, Repository.Portrait);

        using var accepted = await PostAsync(
            server, "api/talks", new { image_url = NameOf(portrait), audio_url = NameOf(recording), audio_end = 1, width = 128, height = 128 });

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        var done = await server.EndOfAsync(accepted.Headers.Location!);
        Assert.Equal(("completed", 25), (done.GetProperty("status").GetString(), done.GetProperty("visible_frames").GetInt32()));
        var source = _folder.File($"home/artifacts/talks/{done.GetProperty("id").GetString()}/source/speech");
        Assert.Equal(await HashOfAsync(speech), await HashOfAsync(source));
    }

    private static string NameOf(JsonElement upload) => upload.GetProperty("upload").GetString()!;

    private static async Task<string> HashOfAsync(string file)
    {
        await using var content = File.OpenRead(file);
        return Convert.ToHexString(await System.Security.Cryptography.SHA256.HashDataAsync(content, TestEnd));
    }

    private async Task<JsonElement> AuthoriseAsync(TalkServer server)
    {
        using var answer = await _http.PostAsync(new Uri(server.Address, "api/uploads"), null, TestEnd);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await TalkServer.ReadAsync(answer);
    }

    private async Task SendAsync(JsonElement upload, string file)
    {
        await using var content = File.OpenRead(file);
        using var answer = await _http.PutAsync(upload.GetProperty("url").GetString(), new StreamContent(content), TestEnd);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    private Task<HttpResponseMessage> PostAsync(TalkServer server, string path, object body) =>
        _http.PostAsync(new Uri(server.Address, path), JsonContent.Create(body), TestEnd);
}
