using System.Text;
using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Server;

/// <summary>Answers in the forms that aiohttp gives them.</summary>
internal static class Answers
{
    public static async Task JsonAsync(HttpContext http, JsonNode body, int status = 200)
    {
        var bytes = PythonJson.Serialize(body);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    public static async Task TextAsync(HttpContext http, int status, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    public static void Empty(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentLength = 0;
    }

    /// <summary>What an exception in a handler of the real server looks like.</summary>
    public static Task TroubleAsync(HttpContext http) => TextAsync(http, 500, "500 Internal Server Error\n\nServer got itself in trouble");

    /// <summary>What an unknown path, or a known one with a method that it has not, looks like.</summary>
    public static async Task UnknownAsync(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.StatusCode = 404;
            http.Response.ContentType = "application/octet-stream";
            // Chunked, with nothing in it: a length would be set if the answer had not been begun.
            await http.Response.StartAsync(http.RequestAborted);
            return;
        }
        http.Response.Headers.Allow = http.Request.Path.Value is "/prompt" or "/queue" or "/history" ? "GET,HEAD,POST" : "GET,HEAD";
        await TextAsync(http, 405, "405: Method Not Allowed");
    }
}
