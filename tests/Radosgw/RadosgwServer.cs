using System.Diagnostics;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using WanTalk.Ports;

namespace WanTalk.Radosgw;

/// <summary>
/// Ceph's S3 server on free loopback ports, which checks signatures and hashes, and keeps everything in memory. It ends with the tests,
/// however they end, and its folder with it.
/// </summary>
public sealed class RadosgwServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _complaint;

    private RadosgwServer()
    {
        var ports = FreePorts.Take(2);
        Port = ports[0];
        _process = Process.Start(new ProcessStartInfo(
            "bash",
            [
                Path.Combine(AppContext.BaseDirectory, "radosgw", "radosgw.sh"),
                Folder, $"{ports[1]}", $"{Port}", AccessKey, SecretKey,
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _complaint = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        Client = ClientOf(Url);
    }

    /// <summary>The port of the S3 API.</summary>
    public int Port { get; }

    /// <summary>The address of the S3 API.</summary>
    public Uri Url => new($"http://127.0.0.1:{Port}");

    /// <summary>The only user's access key.</summary>
    public string AccessKey { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(10));

    /// <summary>The only user's secret.</summary>
    public string SecretKey { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    /// <summary>The server's folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("wantalk-radosgw-").FullName;

    /// <summary>The operating system's id of the process that holds the others.</summary>
    public int ProcessId => _process.Id;

    /// <summary>What tests look at the server with.</summary>
    public IAmazonS3 Client { get; }

    /// <summary>Starts one.</summary>
    public static async Task<RadosgwServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new RadosgwServer();
        var said = await server._process.StandardOutput.ReadLineAsync(cancellationToken);
        Assert.True(said == "ready", $"The S3 server did not start: {(said is null ? await server._complaint : said)}");
        return server;
    }

    /// <summary>Makes a bucket that nobody else uses.</summary>
    /// <param name="isOpen">Whether everybody can read it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string> NewBucketAsync(bool isOpen, CancellationToken cancellationToken)
    {
        var bucket = $"t-{Guid.NewGuid():n}";
        await Client.PutBucketAsync(bucket, cancellationToken);
        if (isOpen)
        {
            var policy = $$"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::{{bucket}}/*"}]}
                """;
            await Client.PutBucketPolicyAsync(bucket, policy, cancellationToken);
        }

        return bucket;
    }

    /// <summary>The keys of all objects in a bucket.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(string bucket, CancellationToken cancellationToken) =>
        [.. ((await Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket }, cancellationToken)).S3Objects ?? [])
            .Select(found => found.Key)];

    /// <summary>The uploads in a bucket that are neither completed nor aborted.</summary>
    public async Task<IReadOnlyList<MultipartUpload>> UploadsAsync(string bucket, CancellationToken cancellationToken) =>
        (await Client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = bucket }, cancellationToken)).MultipartUploads ?? [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(CancellationToken.None);
        await _complaint;
        _process.Dispose();
    }

    private AmazonS3Client ClientOf(Uri url) => new(
        new BasicAWSCredentials(AccessKey, SecretKey),
        new AmazonS3Config
        {
            ServiceURL = url.AbsoluteUri,
            ForcePathStyle = true,
            AuthenticationRegion = "auto",
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
}
