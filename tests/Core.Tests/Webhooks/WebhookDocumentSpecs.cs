using System.Diagnostics;
using System.Text;
using WanTalk.Core.Webhooks;

namespace WanTalk.Core.Tests.Webhooks;

/// <summary>The verification that docs/webhooks.md gives is run as it stands there: who copies it is not to be let down.</summary>
public sealed class WebhookDocumentSpecs
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Other = "whsec_b2xkZXIgc2VjcmV0IG9mIDI1IGJ5dGVz";
    private const string Body = """{"test":"Größe 'x' \"y\" %s"}""";
    private const long At = 1614265330;

    public static TheoryData<string, string, long, bool> Calls => new()
    {
        { Secret, Body, At, true },
        { Other, Body, At, true },
        { Secret, Body, At + 299, true },
        { Secret, Body, At + 301, false },
        { Secret, Body, At - 301, false },
        { Secret, Body + " ", At, false },
        { "whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldCBoZXJl", Body, At, false },
    };

    private static string Signatures { get; } =
        WebhookSigner.Of($"{Secret},{Other}")!.Sign("msg_1", DateTimeOffset.FromUnixTimeSeconds(At), Encoding.UTF8.GetBytes(Body));

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task In_Python(string secret, string body, long now, bool genuine) => Assert.Equal(
        genuine,
        await RunAsync(
            body, "python3", "-c",
            $"{BlockOf("python")}\nimport sys\nsys.exit(0 if is_genuine(*sys.argv[1:5], sys.stdin.buffer.read(), float(sys.argv[5])) else 1)",
            secret, "msg_1", $"{At}", Signatures, $"{now}"));

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task In_bash(string secret, string body, long now, bool genuine) => Assert.Equal(
        genuine,
        await RunAsync(body, "bash", "-c", $"{BlockOf("bash")}\nis_genuine \"$@\"", "bash", secret, "msg_1", $"{At}", Signatures, $"{now}"));

    [Fact]
    public void In_CSharp_it_is_what_the_tests_of_delivery_verify_with()
    {
        var file = Path.Combine(Root(), "tests", "Webhooks", "WebhookVerifier.cs");
        var lines = File.ReadAllLines(file).Select(line => line.Length > 4 ? line[4..] : "").ToList();
        var shown = lines[(lines.FindIndex(line => line.Contains("from here", StringComparison.Ordinal)) + 1)..lines.IndexOf("// To here.")];

        Assert.Equal(string.Join('\n', shown), BlockOf("csharp"));
    }

    /// <summary>Whether a program ends with 0 rather than with 1.</summary>
    private static async Task<bool> RunAsync(string input, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardError = true })!;
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(input), TestContext.Current.CancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A timestamp alone may be reason enough to read no body.
        }

        var said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode is 0 or 1 && said.Length == 0, $"exit {process.ExitCode}: {said}");
        return process.ExitCode == 0;
    }

    private static string BlockOf(string language)
    {
        var lines = File.ReadAllLines(Path.Combine(Root(), "docs", "webhooks.md")).ToList();
        var first = lines.IndexOf($"```{language}") + 1;
        return string.Join('\n', lines[first..lines.IndexOf("```", first)]);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WanTalk.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
