using System.Text.Json;
using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Server;

/// <summary>Answers in the forms that aiohttp gives them.</summary>
internal static class Answers
{
    public static async Task JsonAsync(HttpContext http, JsonNode body, int status = 200)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    public static async Task TextAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.ContentLength = text.Length;
        await http.Response.WriteAsync(text, http.RequestAborted);
    }

    public static void Empty(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentLength = 0;
    }

    /// <summary>What an exception in a handler of the real server looks like.</summary>
    public static Task TroubleAsync(HttpContext http) => TextAsync(http, 500, "500 Internal Server Error\n\nServer got itself in trouble");

    /// <summary>Reads a JSON body whatever its content type says; a malformed one is a <see cref="JsonException"/>.</summary>
    public static async Task<JsonNode?> ReadJsonAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return JsonNode.Parse(body.GetBuffer().AsSpan(0, (int)body.Length));
    }
}
