namespace WanTalk.Infra.Tests.Bicep;

/// <summary>What is deployed with the values that matter, made once for all tests.</summary>
public sealed class Deployments : IAsyncLifetime
{
    /// <summary>What every deployment needs to be told.</summary>
    internal static IReadOnlyDictionary<string, string> Needed { get; } = new Dictionary<string, string>
    {
        ["R2_ENDPOINT_URL"] = "https://0123456789abcdef.r2.cloudflarestorage.com",
        ["R2_BUCKET_NAME"] = "talks",
        ["R2_ACCESS_KEY_ID"] = "the-key-id",
        ["R2_SECRET_ACCESS_KEY"] = "the-secret-key",
        ["WANTALK_ID_SECRET"] = "sixteen bytes or more",
        ["WANTALK_API_KEYS"] = "alice=the-hash-of-a-key",
    };

    /// <summary>The defaults, before there are images.</summary>
    internal Snapshot First { get; private set; } = null!;

    /// <summary>The defaults.</summary>
    internal Snapshot Plain { get; private set; } = null!;

    /// <summary>For people, with everything private, on the small GPU, and with everything that is empty by default.</summary>
    internal Snapshot Private { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var first = Snapshot.MakeAsync([], cancellationToken);
        var plain = Snapshot.MakeAsync(new() { ["WANTALK_IMAGE_TAG"] = "tag" }, cancellationToken);
        var @private = Snapshot.MakeAsync(
            new()
            {
                ["WANTALK_IMAGE_TAG"] = "tag",
                ["WANTALK_TIER"] = "prod",
                ["WANTALK_PRIVATE_NETWORKING"] = "true",
                ["WANTALK_GPU"] = "T4",
                ["WANTALK_PRESET"] = "best",
                ["WANTALK_REPLY_QUEUES"] = "ends,more-ends",
                ["WANTALK_PRIVATE_HOSTS"] = "files.internal",
                ["WANTALK_ALERT_EMAIL"] = "people@example.com",
                ["WANTALK_API_ALLOWED_RANGES"] = "192.0.2.0/24",
                ["WANTALK_MODELS_SHARE_MIBPS"] = "512",
            },
            cancellationToken);
        (First, Plain, Private) = (await first, await plain, await @private);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A deployment by name, for theories.</summary>
    internal Snapshot Of(string name) => name switch
    {
        nameof(First) => First,
        nameof(Plain) => Plain,
        nameof(Private) => Private,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such deployment."),
    };
}
