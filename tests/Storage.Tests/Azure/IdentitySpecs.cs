using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using WanTalk.Azurite;
using WanTalk.Ports;
using WanTalk.Storage.Azure;
using WanTalk.Storage.Tests.Children;

namespace WanTalk.Storage.Tests.Azure;

/// <summary>
/// In the cloud there is no key: a container's managed identity gets a token from an address in its environment, and the account takes that.
/// Here the address is a listener of the test, which answers as that service does, and Azurite checks the token's claims.
/// </summary>
public sealed class IdentitySpecs : IAsyncLifetime
{
    private const string Header = "a secret of the container's";

    private readonly TemporaryDirectory _folder = new();
    private readonly HttpListener _tokens = LoopbackListener.Start("token/");
    private readonly X509Certificate2 _certificate = Certificate();
    private AzuriteServer _server = null!;
    private int _served;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await AzuriteServer.StartAsync(TestEnd, _certificate);
        _ = ServeTokensAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _tokens.Close();
        await _server.DisposeAsync();
        _certificate.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_managed_identity_is_enough()
    {
        var trusted = Path.Combine(_folder.Path, "trusted.pem");
        await File.WriteAllTextAsync(trusted, _certificate.ExportCertificatePem(), TestEnd);
        await using var child = ChildProcess.Start(
            new Dictionary<string, string>
            {
                [AzureStorageOptions.BlobUrlVariable] = _server.BlobUrl.ToString(),
                [AzureStorageOptions.QueueUrlVariable] = _server.QueueUrl.ToString(),
                ["IDENTITY_ENDPOINT"] = _tokens.Prefixes.Single(),
                ["IDENTITY_HEADER"] = Header,
                ["SSL_CERT_FILE"] = trusted,
            },
            "use-account", "identity");

        Assert.Equal(["True", "200000", "talks/t1/video.mp4", "3", "True"], await child.ReadToEndAsync());
        Assert.InRange(_served, 1, 2);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddHours(1));
    }

    private static string Token()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        const string Nobody = "00000000-0000-0000-0000-000000000000";
        var claims = new { aud = "https://storage.azure.com", iss = "https://sts.windows.net/tests/", oid = Nobody, tid = Nobody, iat = now, nbf = now - 60, exp = now + 3600 };
        return $"{Part(new { alg = "RS256", typ = "JWT" })}.{Part(claims)}.{Base64Url.EncodeToString("unsigned"u8)}";

        static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
    }

    private async Task ServeTokensAsync()
    {
        while (_tokens.IsListening)
        {
            var call = await _tokens.GetContextAsync();
            if (call.Request.Headers["X-IDENTITY-HEADER"] != Header || call.Request.QueryString["resource"] != "https://storage.azure.com")
            {
                call.Response.StatusCode = 400;
            }
            else
            {
                _served++;
                var expires = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
                var answer = new { access_token = Token(), expires_on = $"{expires}", resource = "https://storage.azure.com", token_type = "Bearer" };
                await call.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(answer)), TestEnd);
            }

            call.Response.Close();
        }
    }
}
