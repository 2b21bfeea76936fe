using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using WanTalk.Api.Tests.RunPod;

namespace WanTalk.Api.Tests.Uploads;

/// <summary>A caller with a key, and who sends his uploads without one.</summary>
internal sealed class UploadClient(JobServer server, string? key) : IDisposable
{
    private readonly HttpClient _caller = new()
    {
        BaseAddress = server.Address,
        DefaultRequestHeaders = { Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key) },
    };

    // As curl does with a large file: a server that refuses it does so before any of it comes. Without the longer patience it would come after
    // a second, and a server that has refused it by then may hang up while it does.
    private readonly HttpClient _sender = new(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) })
    {
        DefaultRequestHeaders = { ExpectContinue = true },
    };

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    /// <summary>Has an upload authorised.</summary>
    public async Task<JsonElement> AuthoriseAsync()
    {
        var (status, body) = await PostAsync("api/uploads", null);
        Assert.True(status == 201, body.ToString());
        return body;
    }

    /// <summary>Has an upload authorised and sends it.</summary>
    /// <returns>Its reference.</returns>
    public async Task<string> UploadAsync(byte[] content)
    {
        var upload = await AuthoriseAsync();
        Assert.Equal((201, null), await SendAsync(upload, content));
        return upload.GetProperty("upload").GetString()!;
    }

    /// <summary>Sends an upload.</summary>
    /// <returns>The status, and the code of the refusal.</returns>
    public async Task<(int Status, string? Code)> SendAsync(JsonElement upload, byte[] content) =>
        await SendToAsync(upload.GetProperty("url").GetString()!, new ByteArrayContent(content));

    /// <summary>Sends to an address.</summary>
    public async Task<(int Status, string? Code)> SendToAsync(string url, HttpContent content)
    {
        using (content)
        using (var answer = await _sender.PutAsync(url, content, TestEnd))
        {
            var text = await answer.Content.ReadAsStringAsync(TestEnd);
            return ((int)answer.StatusCode, text.Length == 0 ? null : JsonDocument.Parse(text).RootElement.GetProperty("code").GetString());
        }
    }

    /// <summary>Posts JSON.</summary>
    public async Task<(int Status, JsonElement Body)> PostAsync(string path, object? body)
    {
        using var content = body is null ? null : JsonContent.Create(body);
        using var answer = await _caller.PostAsync(path, content, TestEnd);
        return ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestEnd)).RootElement);
    }

    /// <summary>The status, and the codes of all that is wrong with a request for a talk.</summary>
    public async Task<string> RefusalOfAsync(object body, string path = "api/talks")
    {
        var (status, problem) = await PostAsync(path, body);
        Assert.True(status >= 400, problem.ToString());
        return $"{status} {string.Join(", ", problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("code").GetString()))}";
    }

    public void Dispose()
    {
        _caller.Dispose();
        _sender.Dispose();
    }
}
