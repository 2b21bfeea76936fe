using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WanTalk.ComfyUI.Tests.Replay;

/// <summary>Recorded uploads and downloads, made with the client's own calls and answered as recorded.</summary>
public sealed partial class RecordedFileSpecs
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a_success", 1, 0)]
    [InlineData("a3_vhs_video_combine", 1, 0)]
    [InlineData("g_upload_view", 20, 4)]
    [InlineData("k_bad_requests", 3, 0)]
    [InlineData("l_multipart_raw", 6, 9)]
    public async Task An_upload_is_known_by_the_recorded_name_or_fails_as_recorded(string name, int sent, int refused)
    {
        var recording = Recording.Load(name);
        await using var server = await ReplayServer.StartAsync(recording);
        using var client = server.NewClient();
        var (outcomes, refusals) = (0, 0);

        foreach (var exchange in recording.Exchanges.Where(exchange => exchange.Path == "/upload/image"))
        {
            if (Upload(exchange) is not { } upload)
                continue;
            var bytes = new MemoryStream(new byte[upload.Bytes]);
            try
            {
                server.Expect(exchange);
                var stored = await client.UploadAsync(bytes, upload.Name, upload.Subfolder, upload.Overwrite == "true", Stop);
                var told = exchange.Answer["json"]!;
                Assert.Equal(new UploadedFile((string)told["name"]!, (string)told["subfolder"]!, (string)told["type"]!), stored);
                Assert.Equal(upload, server.Uploads.Last());
                outcomes++;
            }
            catch (ComfyException error)
            {
                Assert.Equal((ComfyErrorKind.Refused, exchange.Status), (error.Kind, (int)error.Status!));
                outcomes++;
            }
            catch (ArgumentException)
            {
                // Names that would only make trouble are not sent at all.
                server.Forget();
                refusals++;
            }
        }

        Assert.Equal((sent, refused), (outcomes, refusals));
    }

    [Theory]
    [InlineData("a_success", 2)]
    [InlineData("a3_vhs_video_combine", 6)]
    [InlineData("b_cached", 1)]
    [InlineData("g_upload_view", 21)]
    [InlineData("j_kill_restart", 3)]
    public async Task A_file_is_shown_as_recorded_or_not_at_all(string name, int shown)
    {
        var recording = Recording.Load(name);
        await using var server = await ReplayServer.StartAsync(recording);
        using var client = server.NewClient();
        var outcomes = 0;

        foreach (var exchange in recording.Exchanges.Where(exchange => exchange.Path.StartsWith("/view?", StringComparison.Ordinal)))
        {
            if (ReplayFiles.Asked(exchange.Path) is not { } file || !CanAsk(exchange, out var range))
                continue;
            outcomes++;
            try
            {
                if (exchange.Method == "HEAD")
                    Assert.Equal((string)exchange.Answer["headers"]!["Content-Length"]!, $"{await client.GetLengthAsync(file, Stop)}");
                else
                    Assert.Equal(await ReadAsync(client, file, range), Part(server.Files.Content(file)!, range));
                Assert.True(exchange.Status is 200 or 206, exchange.Path);
            }
            catch (ComfyException error)
            {
                Assert.Equal(exchange.Status, (int)error.Status!);
                Assert.Equal(exchange.Status == 404 ? ComfyErrorKind.NotFound : ComfyErrorKind.Refused, error.Kind);
            }
        }

        Assert.Equal(shown, outcomes);
    }

    private static async Task<byte[]> ReadAsync(ComfyClient client, OutputFile file, (long First, long Last)? range)
    {
        await using var content = await client.OpenViewAsync(file, range, Stop);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, Stop);
        return bytes.ToArray();
    }

    private static byte[] Part(byte[] content, (long First, long Last)? range) =>
        range is { } part ? content[(int)part.First..(int)Math.Min(part.Last + 1, content.Length)] : content;

    /// <summary>Ranges from the end, several at once and conditions are nothing that the client asks for.</summary>
    private static bool CanAsk(RecordedExchange exchange, out (long First, long Last)? range)
    {
        range = null;
        if (exchange.Request["headers"] is not JsonObject { Count: > 0 } headers)
            return true;
        if (SimpleRange().Match((string?)headers["Range"] ?? "") is not { Success: true } match)
            return false;
        var first = long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        range = (first, match.Groups[2].Length > 0 ? long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) : first);
        return true;
    }

    /// <summary>What was uploaded, as the client would do it; null for what no client of ours sends.</summary>
    private static ReplayedUpload? Upload(RecordedExchange exchange)
    {
        if (exchange.Request["parts"] is JsonArray parts)
        {
            var head = (string)parts[0]!["head"]!;
            var isWhole = !exchange.Note.StartsWith("missing final boundary", StringComparison.Ordinal);
            var isUsual = FileName().Match(head) is { Success: true } quoted && exchange.Note != "browser style, raw UTF-8 in quotes";
            return isWhole && (isUsual || FileNameStar().IsMatch(head)) ? new ReplayedUpload(NameIn(head), 77, "", "true") : null;
        }
        var form = (exchange.Request["multipart"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        if (form.FirstOrDefault(part => part["filename"] is not null) is not { } file)
            return null;
        var fields = form.Where(part => part["value"] is not null).ToDictionary(part => (string)part["name"]!, part => (string)part["value"]!);
        var overwrite = fields.GetValueOrDefault("overwrite") is "true" or "1" ? "true" : "false";
        return new ReplayedUpload((string)file["filename"]!, (long)file["bytes"]!, fields.GetValueOrDefault("subfolder", ""), overwrite);
    }

    private static string NameIn(string head) => FileNameStar().Match(head) is { Success: true } star
        ? Uri.UnescapeDataString(star.Groups[1].Value)
        : Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(FileName().Match(head).Groups[1].Value));

    [GeneratedRegex("filename=\"([^\"]*)\"")]
    private static partial Regex FileName();

    [GeneratedRegex("filename\\*=utf-8''(\\S+)")]
    private static partial Regex FileNameStar();

    [GeneratedRegex(@"^bytes=(\d+)-(\d*)$")]
    private static partial Regex SimpleRange();
}
