using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WanTalk.Ports;

namespace WanTalk.Azurite;

/// <summary>
/// Azure Storage's emulator on free loopback ports, with an account of its own in a temporary folder. It ends with the tests, however they
/// end. What it has answered survives a kill.
/// </summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    private const string Account = "wantalktests";

    private readonly string _installation;
    private readonly string _folder = Directory.CreateTempSubdirectory("wantalk-azurite-").FullName;
    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
    private Process? _process;
    private Task _drained = Task.CompletedTask;

    private readonly X509Certificate2? _certificate;

    private AzuriteServer(string installation, X509Certificate2? certificate)
    {
        var ports = FreePorts.Take(2);
        (_installation, _certificate, BlobPort, QueuePort) = (installation, certificate, ports[0], ports[1]);
    }

    /// <summary>The port of the blobs; the same after a restart.</summary>
    public int BlobPort { get; }

    /// <summary>The port of the queues; the same after a restart.</summary>
    public int QueuePort { get; }

    /// <summary>The account's folder.</summary>
    public string Folder => _folder;

    /// <summary>The address of the blobs.</summary>
    public Uri BlobUrl => new($"{Scheme}://127.0.0.1:{BlobPort}/{Account}");

    /// <summary>The address of the queues.</summary>
    public Uri QueueUrl => new($"{Scheme}://127.0.0.1:{QueuePort}/{Account}");

    /// <summary>Whether it was not killed.</summary>
    public bool IsRunning => _process is not null;

    /// <summary>The operating system's id of the process.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>The account's connection string.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol={Scheme};AccountName={Account};AccountKey={_key};BlobEndpoint={BlobUrl};QueueEndpoint={QueueUrl};";

    private string Scheme => _certificate is null ? "http" : "https";

    /// <summary>Installs it when it is missing, and starts one.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="certificate">For 127.0.0.1: then it speaks HTTPS, and takes tokens of identities, too.</param>
    public static async Task<AzuriteServer> StartAsync(CancellationToken cancellationToken, X509Certificate2? certificate = null)
    {
        var server = new AzuriteServer(await AzuriteInstallation.EnsureAsync(cancellationToken), certificate);
        try
        {
            await server.GoOnAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9, which it does itself at a moment at which all that it has answered is on disk.</summary>
    public async Task KillAsync()
    {
        await _process!.StandardInput.WriteLineAsync("kill");
        await EndedAsync();
    }

    /// <summary>Starts it again after a kill, where it was and with what it had.</summary>
    public async Task GoOnAsync(CancellationToken cancellationToken)
    {
        _process = Process.Start(new ProcessStartInfo(
            "node",
            [
                "--require", Path.Combine(_installation, "ends-with-its-parent.cjs"),
                Path.Combine(_installation, "node_modules", "azurite", "dist", "src", "azurite.js"),
                "--blobPort", $"{BlobPort}", "--queuePort", $"{QueuePort}", "--tablePort", "0", "--location", _folder,
                "--silent", "--disableTelemetry", "--skipApiVersionCheck", .. SecurityArguments(),
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["AZURITE_ACCOUNTS"] = $"{Account}:{_key}" },
        })!;
        var complaint = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            // The tables come last, and nobody uses them.
            if (line.Contains("Table service is successfully listening", StringComparison.Ordinal))
            {
                _drained = Task.WhenAll(complaint, _process.StandardOutput.ReadToEndAsync(CancellationToken.None));
                return;
            }
        }

        throw new InvalidOperationException($"Azurite did not start: {await complaint}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await EndedAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task EndedAsync()
    {
        await _process!.WaitForExitAsync(CancellationToken.None);
        await _drained;
        _process.Dispose();
        _process = null;
    }

    private string[] SecurityArguments()
    {
        if (_certificate is null)
        {
            return [];
        }

        var (certificate, key) = (Path.Combine(_folder, "certificate.pem"), Path.Combine(_folder, "key.pem"));
        File.WriteAllText(certificate, _certificate.ExportCertificatePem());
        File.WriteAllText(key, _certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return ["--oauth", "basic", "--cert", certificate, "--key", key];
    }
}
