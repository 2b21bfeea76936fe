using System.Text;
using CsCheck;
using WanTalk.Core.Intake;

namespace WanTalk.Api.Tests.Fuzzing;

/// <summary>A request, as bytes and texts, so that a failed one can be shown and sent again.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path with its query.</param>
/// <param name="Type">The content's type; null for no content.</param>
/// <param name="Body">The content.</param>
/// <param name="Headers">Headers, by name.</param>
internal sealed record FuzzedRequest(string Method, string Path, string? Type, byte[] Body, params (string Name, string Value)[] Headers)
{
    private const string Boundary = "bound";

    // Kestrel itself refuses control characters in headers and a NUL in a path, without a body and before any code of ours.
    private static readonly Gen<string> HeaderText = FuzzedJson.Text.Select(text =>
        string.Concat(text.EnumerateRunes().Where(rune => rune.Value > 31 && rune.Value is not (127 or 0xFFFD)).Take(3_000)).Trim());

    private static readonly Gen<string> Segment = FuzzedJson.Text.Select(text =>
        Uri.EscapeDataString(string.Concat(text.EnumerateRunes().Where(rune => rune.Value is > 0 and not 0xFFFD).Take(300))) is { Length: > 0 } part
            && part.Trim('.').Length > 0
            ? part : "x");

    private static readonly Gen<string> JsonType = Gen.Frequency<string>(
        (8, Gen.Const("application/json")),
        (1, Gen.OneOf<string>("application/json; charset=utf-16", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
            "application/merge-patch+json")));

    /// <summary>POST /api/talks with JSON.</summary>
    public static readonly Gen<FuzzedRequest> Json =
        Gen.Select(FuzzedJson.Body(Gen.OneOf<string>(FuzzedJson.Fields, FuzzedJson.Plausible)), JsonType, HeaderText, Gen.Bool).Select((body, type, key, named) =>
            named ? new FuzzedRequest("POST", "api/talks", type, body, ("Idempotency-Key", key)) : new FuzzedRequest("POST", "api/talks", type, body));

    /// <summary>POST /api/talks with a form.</summary>
    public static readonly Gen<FuzzedRequest> Form = Gen.OneOf<FuzzedRequest>(
        Gen.Select(Part().Array[0, 8], Gen.Bool).Select((parts, ends) =>
            Multipart([.. parts.SelectMany(part => part), .. ends ? "--bound--\r\n"u8.ToArray() : []])),
        Gen.Byte.Array[0, 300].Select(Multipart),
        Gen.Select(Gen.OneOf<string>([.. TalkField.Names]), FuzzedJson.Text).Array[0, 6].Select(fields => new FuzzedRequest(
            "POST", "api/talks", "application/x-www-form-urlencoded",
            Encoding.UTF8.GetBytes(string.Join('&', fields.Select(field => $"{field.Item1}={Uri.EscapeDataString(Whole(field.Item2))}"))))));

    /// <summary>POST of RunPod's contract.</summary>
    public static readonly Gen<FuzzedRequest> Job = Gen.Select(
        Gen.Frequency<string>((6, Gen.Const("talk")), (1, Segment)),
        Gen.OneOf<string>(Gen.Const("run"), Gen.Const("runsync"), Segment.Select(wait => $"runsync?wait={wait}")),
        FuzzedJson.Body(Gen.Select(FuzzedJson.RefusedFields, FuzzedJson.Fields).Select((input, more) =>
            $"{{\"input\":{input}{(more == "{}" ? "" : $",{more[1..^1]}")}}}")))
        .Select((endpoint, path, body) => new FuzzedRequest("POST", $"v2/{endpoint}/{path}", "application/json", body));

    /// <summary>Paths and queries.</summary>
    public static readonly Gen<FuzzedRequest> Address = Gen.OneOf<FuzzedRequest>(
        Gen.Select(Gen.OneOf<string>("limit", "after", "status", "dry_run", "limit=5&after"), Segment).Select((name, value) =>
            new FuzzedRequest("GET", $"api/talks?{name}={value}", null, [])),
        Gen.Select(Gen.OneOf<string>("GET ", "DELETE ", "POST /cancel", "POST /retry", "GET /video"), Segment).Select((what, id) =>
            new FuzzedRequest(what.Split(' ')[0], $"api/talks/{id}{what.Split(' ')[1]}", null, [])),
        Gen.Select(Segment, Segment).Select((id, token) => new FuzzedRequest("PUT", $"api/uploads/{id}?token={token}", null, [])),
        Gen.Select(Gen.OneOf<string>("GET status", "GET stream", "POST cancel", "POST retry"), Segment, Segment).Select((what, endpoint, id) =>
            new FuzzedRequest(what.Split(' ')[0], $"v2/{endpoint}/{what.Split(' ')[1]}/{id}", null, [])));

    /// <summary>Headers that say who calls, and what he has seen.</summary>
    public static readonly Gen<FuzzedRequest> Header = Gen.Select(
        Gen.OneOf<string>("Authorization", "X-Api-Key", "Last-Event-ID", "Idempotency-Key", "X-MS-CLIENT-PRINCIPAL-ID", "Origin",
            "Range", "Accept", "X-Forwarded-Host"),
        HeaderText,
        Gen.OneOf<string>("GET api/talks", "GET api/talks/x", "GET api/talks/x/video", "GET v2/talk/status/x", "POST v2/talk/cancel/x")).Select((name, value, what) =>
            new FuzzedRequest(what.Split(' ')[0], what.Split(' ')[1], null, [],
                (name, name == "Authorization" && value.Length % 2 == 0 ? $"Bearer {value}" : value)));

    /// <summary>The request as it is sent.</summary>
    public HttpRequestMessage ToMessage(string key)
    {
        var message = new HttpRequestMessage(new HttpMethod(Method), Path);
        if (Type is not null)
        {
            message.Content = new ByteArrayContent(Body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", Type);
        }

        foreach (var (name, value) in Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (!Headers.Any(header => header.Name == "X-Api-Key"))
        {
            message.Headers.TryAddWithoutValidation("X-Api-Key", key);
        }

        return message;
    }

    public override string ToString() =>
        $"{Method} {Path} {Type} {string.Join(' ', Headers)} {Convert.ToBase64String(Body)} = {Encoding.UTF8.GetString(Body)}";

    private static FuzzedRequest Multipart(byte[] body) => new("POST", "api/talks", $"multipart/form-data; boundary={Boundary}", body);

    private static Gen<byte[]> Part() => Gen.Select(
        Gen.Frequency<string>((8, Gen.OneOf<string>([.. TalkField.Names, "portrait", "speech", "portrait", "speech"])), (1, HeaderText)),
        Gen.OneOf<string>("", "; filename=\"a.png\"", "; filename=\"../../x\"", "; filename=", "; filename*=UTF-8''%00"),
        Gen.OneOf<byte[]>(
            FuzzedJson.Text.Select(text => Encoding.UTF8.GetBytes(text)),
            Gen.Byte.Array[0, 60],
            Gen.OneOf<byte[]>("RIFF\0\0\0\0WAVE"u8.ToArray(), [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])))
        .Select((name, file, content) =>
            (byte[])[.. Encoding.UTF8.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n"), .. content, .. "\r\n"u8]);

    /// <summary>A text without half characters, which an address cannot escape.</summary>
    private static string Whole(string text) => string.Concat(text.EnumerateRunes());
}
